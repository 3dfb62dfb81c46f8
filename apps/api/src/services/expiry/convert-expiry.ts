import {
  type Conversion,
  convertToAll,
  describeExpiry,
  type ExpiryFacts,
  type ExpiryPolicy,
  expiresAt,
  fromSource,
  type PolicySource,
  toSeconds,
} from '@espejo/core';
import type { Clock } from '../../ports.ts';
import type { ConvertExpiryInput } from './inputs.ts';
import { accept, readPolicy } from './read-policy.ts';
import type { ExpiryConversion, ExpiryConversionRow } from './views.ts';

const FORMS = ['espejo', 'openai_store', 'openai_file', 'terraform'] as const;

/** Converts one policy to every form, with what each would lose: shown before any of them is saved. */
export function convertExpiry(deps: { readonly clock: Clock }, input: { body: ConvertExpiryInput }): ExpiryConversion {
  const { body } = input;
  const nowS = toSeconds(deps.clock.nowMs());
  const createdAtS = body.createdAt ?? body.lastActiveAt ?? nowS;
  const facts: ExpiryFacts = {
    nowS,
    createdAtS,
    lastActiveAtS: body.lastActiveAt === undefined ? createdAtS : body.lastActiveAt,
  };
  const source = toSource(body);
  const policy = accept(fromSource(source, nowS));
  const conversions = convertToAll(policy, facts);
  return {
    now: nowS,
    source: source.form,
    policy,
    expiresAt: expiresAt(policy, facts),
    text: describe(policy, facts),
    rows: FORMS.map((form) => toRow(form, conversions[form], facts)),
  };
}

function toSource(body: ConvertExpiryInput): PolicySource {
  if (body.storePolicy !== undefined) return { form: 'openai_store', value: body.storePolicy };
  if (body.filePolicy !== undefined) return { form: 'openai_file', value: body.filePolicy };
  if (body.terraform !== undefined) return { form: 'terraform', value: body.terraform };
  return { form: 'espejo', value: body.policy == null ? null : readPolicy(body.policy) };
}

function toRow(
  form: PolicySource['form'],
  conversion: Conversion<object | null>,
  facts: ExpiryFacts,
): ExpiryConversionRow {
  if (conversion.result === 'refused') {
    const { code, message } = conversion.refusal;
    const reasons = [{ code, message, before: null, after: null }];
    return { form, result: 'refused', value: null, expiresAt: null, reasons, text: message };
  }
  const { result, value, expiresAtS } = conversion;
  const losses = conversion.result === 'lossy' ? conversion.losses : [];
  return {
    form,
    result,
    value: value === null ? null : { ...value },
    expiresAt: expiresAtS,
    reasons: losses.map(({ code, message, beforeS, afterS }) => ({ code, message, before: beforeS, after: afterS })),
    text: describe(readBack(form, value, facts.nowS), facts),
  };
}

/** The policy as a reader of that form will understand it. */
function readBack(form: PolicySource['form'], value: object | null, nowS: number): ExpiryPolicy {
  return accept(fromSource(form === 'espejo' ? { form, value: value as ExpiryPolicy | null } : { form, value }, nowS));
}

function describe(policy: ExpiryPolicy, facts: ExpiryFacts): string {
  return describeExpiry({ ...facts, policy, expiresAtS: expiresAt(policy, facts), status: '', isPrimary: true });
}
