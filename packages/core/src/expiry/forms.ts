import {
  type Checked,
  checkPolicy,
  checkWhole,
  DAY_S,
  EXPIRY_BOUNDS,
  type ExpiryPolicy,
  NEVER_EXPIRES,
  ok,
  refuse,
} from './policy.ts';

/** `expires_after` of an OpenAI vector store. */
export interface StoreForm {
  readonly anchor: 'last_active_at';
  readonly days: number;
}

/** `expires_after` of an OpenAI file. */
export interface FileForm {
  readonly anchor: 'created_at';
  readonly seconds: number;
}

/** The form of a declaration: days from the moment it is applied. */
export interface TerraformForm {
  readonly anchor: 'now';
  readonly days: number;
}

/** OpenAI's form for stores as a policy. `null` is "never"; a form that OpenAI would refuse is refused. */
export function fromStoreForm(form: unknown): Checked<ExpiryPolicy> {
  if (form === null) return ok(NEVER_EXPIRES);
  const days = readForm(form, 'last_active_at', 'days', EXPIRY_BOUNDS.openaiStoreDays, 'days after last use');
  return days.isOk ? ok({ kind: 'after_last_active', days: days.value }) : days;
}

/** OpenAI's form for files as a policy. */
export function fromFileForm(form: unknown): Checked<ExpiryPolicy> {
  if (form === null) return ok(NEVER_EXPIRES);
  const seconds = readForm(form, 'created_at', 'seconds', EXPIRY_BOUNDS.openaiFileS, 'seconds after creation');
  return seconds.isOk ? ok({ kind: 'after_creation', durationS: seconds.value }) : seconds;
}

/** A declaration applied at `nowS` as a policy: a fixed instant, because a second reading must not move it. */
export function fromTerraformForm(form: unknown, nowS: number): Checked<ExpiryPolicy> {
  if (form === null) return ok(NEVER_EXPIRES);
  const days = readForm(form, 'now', 'days', EXPIRY_BOUNDS.days, 'days from now');
  return days.isOk ? checkPolicy({ kind: 'at', instantS: nowS + days.value * DAY_S }) : days;
}

function readForm(
  form: unknown,
  anchor: string,
  unit: 'days' | 'seconds',
  bounds: { readonly min: number; readonly max: number },
  noun: string,
): Checked<number> {
  if (typeof form !== 'object' || form === null || Reflect.get(form, 'anchor') !== anchor) {
    return refuse('not_understood', `It takes {"anchor": "${anchor}", "${unit}": …}, or null for never.`);
  }
  return checkWhole(Reflect.get(form, unit), bounds, noun);
}
