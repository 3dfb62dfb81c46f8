import {
  type FileForm,
  fromFileForm,
  fromStoreForm,
  fromTerraformForm,
  type StoreForm,
  type TerraformForm,
} from './forms.ts';
import {
  type Bounds,
  type Checked,
  DAY_S,
  EXPIRY_BOUNDS,
  type ExpiryAnchors,
  type ExpiryPolicy,
  expiresAt,
  type RefusalCode,
} from './policy.ts';
import { instantWords, spanWords } from './words.ts';

/** The thing whose expiry is converted, and the API's clock. */
export interface ExpiryFacts extends ExpiryAnchors {
  readonly nowS: number;
}

/** One difference between a policy and its conversion; the instants are those of this thing now. */
export interface Loss {
  readonly code: 'anchor_changes' | 'rounded_up' | 'raised_to_minimum';
  readonly message: string;
  readonly beforeS: number | null;
  readonly afterS: number | null;
}

export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
}

/**
 * exact: converting back gives the same policy. lossy: an approximation, with every difference named. refused: every
 * approximation would expire earlier than requested.
 */
export type Conversion<T> =
  | { readonly result: 'exact'; readonly value: T; readonly expiresAtS: number | null }
  | {
      readonly result: 'lossy';
      readonly value: T;
      readonly expiresAtS: number | null;
      readonly losses: readonly [Loss, ...Loss[]];
    }
  | { readonly result: 'refused'; readonly refusal: Refusal };

/** What a form can express besides "never": a number of units after its anchor. */
interface Target<T> {
  readonly subject: string;
  /** For messages: "last use". */
  readonly anchor: string;
  /** For messages: whether use, or applying it again, moves the expiry from now on. */
  readonly afterwards: string;
  readonly anchorS: number;
  readonly unitS: number;
  readonly bounds: Bounds;
  readonly make: (units: number) => T;
}

/** OpenAI's form for vector stores: days after last use, or never. */
export function toStoreForm(policy: ExpiryPolicy, facts: ExpiryFacts): Conversion<StoreForm | null> {
  const target: Target<StoreForm> = {
    subject: 'An OpenAI vector store',
    anchor: 'last use',
    afterwards: 'every use from now on moves the end',
    anchorS: facts.lastActiveAtS ?? facts.createdAtS,
    unitS: DAY_S,
    bounds: EXPIRY_BOUNDS.openaiStoreDays,
    make: (days) => ({ anchor: 'last_active_at', days }),
  };
  return convert(policy, facts, target, policy.kind === 'after_last_active' ? policy.days : undefined);
}

/** OpenAI's form for files: seconds after creation, or never. */
export function toFileForm(policy: ExpiryPolicy, facts: ExpiryFacts): Conversion<FileForm | null> {
  const target: Target<FileForm> = {
    subject: 'An OpenAI file',
    anchor: 'creation',
    afterwards: 'the end is fixed from now on, also when it is used',
    anchorS: facts.createdAtS,
    unitS: 1,
    bounds: EXPIRY_BOUNDS.openaiFileS,
    make: (seconds) => ({ anchor: 'created_at', seconds }),
  };
  return convert(policy, facts, target, policy.kind === 'after_creation' ? policy.durationS : undefined);
}

/** The form of a declaration: days from the moment it is applied, or never. */
export function toTerraformForm(policy: ExpiryPolicy, facts: ExpiryFacts): Conversion<TerraformForm | null> {
  const target: Target<TerraformForm> = {
    subject: 'A declaration',
    anchor: 'the moment it is applied',
    afterwards: 'applying it later, or again, moves the end',
    anchorS: facts.nowS,
    unitS: DAY_S,
    bounds: EXPIRY_BOUNDS.days,
    make: (days) => ({ anchor: 'now', days }),
  };
  return convert(policy, facts, target, undefined);
}

/**
 * The conversion rules. A value in the form's own units (`ownUnits`) is exact within its bounds. Anything else is
 * counted from the form's anchor to the same expiry, and rounded up to whole units, because rounding down would expire
 * it early. What is out of bounds is refused.
 */
function convert<T>(
  policy: ExpiryPolicy,
  facts: ExpiryFacts,
  target: Target<T>,
  ownUnits: number | undefined,
): Conversion<T | null> {
  const endS = expiresAt(policy, facts);
  if (endS === null) return { result: 'exact', value: null, expiresAtS: null };
  if (ownUnits === undefined && endS <= facts.nowS) {
    return refused(
      'already_expired',
      `It ended on ${instantWords(endS)}; nothing is left to count from ${target.anchor}.`,
    );
  }
  const { unitS, bounds, anchorS } = target;
  const wantedS = ownUnits === undefined ? endS - anchorS : ownUnits * unitS;
  const units = Math.max(Math.ceil(wantedS / unitS), bounds.min);
  if (units > bounds.max) {
    return refused(
      'above_maximum',
      `${target.subject} can be kept for at most ${spanWords(bounds.max * unitS)} after ${target.anchor}; this needs ${spanWords(wantedS)}.`,
    );
  }
  const losses: Loss[] = [];
  if (ownUnits === undefined) {
    losses.push({
      code: 'anchor_changes',
      message: `It counts from ${target.anchor} instead of ${anchorWords(policy)}: the same end as of now, but ${target.afterwards}.`,
      beforeS: endS,
      afterS: endS,
    });
  }
  const valueS = units * unitS;
  const expiresAtS = anchorS + valueS;
  if (valueS !== wantedS) {
    const isRaised = wantedS < bounds.min * unitS;
    losses.push({
      code: isRaised ? 'raised_to_minimum' : 'rounded_up',
      message: `${spanWords(wantedS)} become ${spanWords(valueS)}, ${isRaised ? 'the least there is' : 'rounded up to whole days'}: the end moves from ${instantWords(endS)} to ${instantWords(expiresAtS)}.`,
      beforeS: endS,
      afterS: expiresAtS,
    });
  }
  const value = target.make(units);
  const [first, ...others] = losses;
  if (first === undefined) return { result: 'exact', value, expiresAtS };
  return { result: 'lossy', value, expiresAtS, losses: [first, ...others] };
}

function anchorWords(policy: ExpiryPolicy): string {
  if (policy.kind === 'after_last_active') return 'last use';
  return policy.kind === 'after_creation' ? 'creation' : 'a fixed instant';
}

function refused(code: RefusalCode, message: string): Conversion<never> {
  return { result: 'refused', refusal: { code, message } };
}

/** A policy in any form. */
export type PolicySource =
  | { readonly form: 'espejo'; readonly value: ExpiryPolicy | null }
  | { readonly form: 'openai_store'; readonly value: unknown }
  | { readonly form: 'openai_file'; readonly value: unknown }
  | { readonly form: 'terraform'; readonly value: unknown };

/** Converts a source to a policy: exact, or refused. Only a declaration needs the clock, because it counts from now. */
export function fromSource(source: PolicySource, nowS: number): Checked<ExpiryPolicy> {
  switch (source.form) {
    case 'espejo':
      return { isOk: true, value: source.value ?? { kind: 'never' } };
    case 'openai_store':
      return fromStoreForm(source.value);
    case 'openai_file':
      return fromFileForm(source.value);
    case 'terraform':
      return fromTerraformForm(source.value, nowS);
  }
}

/** One policy in every form: shown before any of them is saved. */
export function convertToAll(policy: ExpiryPolicy, facts: ExpiryFacts) {
  const own: Conversion<ExpiryPolicy> = { result: 'exact', value: policy, expiresAtS: expiresAt(policy, facts) };
  return {
    espejo: own,
    openai_store: toStoreForm(policy, facts),
    openai_file: toFileForm(policy, facts),
    terraform: toTerraformForm(policy, facts),
  } as const;
}
