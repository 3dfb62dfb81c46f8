import {
  checkPolicy,
  type ExpiryAnchors,
  type ExpiryPolicy,
  expiresAt,
  fromStoreForm,
  NEVER_EXPIRES,
  toStoreForm,
} from '@espejo/core';
import { fromJson } from './json.ts';
import type { vectorStore } from './schema/index.ts';

type Row = Pick<typeof vectorStore.$inferSelect, 'source' | 'expiryKind' | 'expiryValue' | 'expiresAfter'>;

/** Sorts stores that never expire after all others. */
export const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * Every expiry column of a primary store. Code that changes the policy or an anchor writes all of them at once: an
 * expiry that lags behind the last use would expire a store in daily use.
 */
export function toExpiryColumns(policy: ExpiryPolicy, anchors: ExpiryAnchors) {
  const expiresAtS = expiresAt(policy, anchors);
  // Set only when OpenAI's form expresses exactly the same policy; an approximation is left out.
  const form = toStoreForm(policy, { ...anchors, nowS: 0 });
  return {
    expiryKind: policy.kind,
    expiryValue: unitsOf(policy),
    expiresAfter: form.result === 'exact' && form.value !== null ? JSON.stringify(form.value) : null,
    expiresAtS,
    expiresSort: expiresAtS ?? NEVER,
  };
}

/** The policy of a row, primary or in upstream's form; null: upstream has a rule that is not known here. */
export function toExpiryPolicy(row: Row): ExpiryPolicy | null {
  if (row.source === 'cache') {
    const read = fromStoreForm(fromJson(row.expiresAfter));
    return read.isOk ? read.value : null;
  }
  const { expiryKind: kind, expiryValue: value } = row;
  if (kind === null) return NEVER_EXPIRES;
  const checked = checkPolicy({ kind, days: value, durationS: value, instantS: value });
  if (!checked.isOk) throw new Error(`The expiry policy of a primary store cannot be read: ${checked.reason}`);
  return checked.value;
}

function unitsOf(policy: ExpiryPolicy): number | null {
  switch (policy.kind) {
    case 'never':
      return null;
    case 'after_last_active':
      return policy.days;
    case 'after_creation':
      return policy.durationS;
    case 'at':
      return policy.instantS;
  }
}
