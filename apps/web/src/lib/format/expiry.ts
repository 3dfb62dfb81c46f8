import type { Source, VectorStore } from '@espejo/contracts';
import { describePolicy as describeKnownPolicy } from '@espejo/core';
import { formatRelative } from './time.ts';

export type ExpiryTone = 'never' | 'later' | 'soon' | 'past';

export interface ExpiryWords {
  /** Short enough for a table cell. */
  readonly text: string;
  /** The policy, in one sentence. */
  readonly detail: string;
  readonly tone: ExpiryTone;
}

export type ExpiryFacts = Pick<VectorStore, 'status'> & PolicyFacts & { readonly source: Source };
type PolicyFacts = Pick<VectorStore, 'expiresAfter' | 'expiryPolicy' | 'expiresAt' | 'createdAt' | 'lastActiveAt'>;

const SOON_S = 3 * 86_400;

/**
 * When a store expires. A mirror whose date has passed is only "due" until upstream reports it as expired: a search
 * at OpenAI may have moved the date since the last sync.
 */
export function describeStoreExpiry(store: ExpiryFacts, nowS: number): ExpiryWords {
  const rule = describePolicy(store, nowS);
  const { expiresAt } = store;
  if (store.status === 'expired') {
    const isPast = expiresAt !== null && expiresAt <= nowS;
    return { text: isPast ? `expired ${formatRelative(expiresAt, nowS)}` : 'expired', detail: rule, tone: 'past' };
  }
  if (expiresAt === null) {
    if (store.expiryPolicy?.kind === 'never') {
      return { text: 'never', detail: 'No expiry policy: it stays until somebody deletes it', tone: 'never' };
    }
    return { text: 'date unknown', detail: rule, tone: 'later' };
  }
  if (expiresAt > nowS) {
    return {
      text: formatRelative(expiresAt, nowS),
      detail: rule,
      tone: expiresAt - nowS <= SOON_S ? 'soon' : 'later',
    };
  }
  if (store.source === 'primary') {
    return { text: `expired ${formatRelative(expiresAt, nowS)}`, detail: rule, tone: 'past' };
  }
  return {
    text: `due ${formatRelative(expiresAt, nowS)}`,
    detail: `${rule}. It was not expired at the last sync; a search at OpenAI moves the date`,
    tone: 'soon',
  };
}

/** The expiry as a complete phrase: "expires in 6 days", "never expires", "expired 3 days ago". */
export function expiryClause({ text, tone }: Pick<ExpiryWords, 'text' | 'tone'>): string {
  if (tone === 'never') return 'never expires';
  return text.startsWith('in ') ? `expires ${text}` : text.startsWith('date') ? `expiry ${text}` : text;
}

/** When a file expires: a file has only a date. */
export function describeFileExpiry(expiresAt: number | null, nowS: number): ExpiryWords {
  if (expiresAt === null) {
    return { text: 'never', detail: 'No expiry date: kept until it is deleted', tone: 'never' };
  }
  if (expiresAt <= nowS) {
    return { text: `due ${formatRelative(expiresAt, nowS)}`, detail: 'Its expiry date has passed', tone: 'past' };
  }
  return {
    text: formatRelative(expiresAt, nowS),
    detail: 'A file expires on a fixed date, set when it was uploaded',
    tone: expiresAt - nowS <= SOON_S ? 'soon' : 'later',
  };
}

/** The policy itself, of a primary store and of a mirror alike: "7 days after last use; last use 1 day ago". */
export function describePolicy(store: PolicyFacts, nowS: number): string {
  const { expiryPolicy: policy, createdAt, lastActiveAt } = store;
  if (policy === null) return `A policy this version does not know: ${JSON.stringify(store.expiresAfter)}`;
  if (policy.kind === 'never') return store.expiresAt === null ? 'No expiry policy' : 'A fixed date, without a policy';
  return describeKnownPolicy(policy, { createdAtS: createdAt, lastActiveAtS: lastActiveAt, nowS });
}
