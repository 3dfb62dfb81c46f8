import { AppError, type Checked, type ExpiryEdit, type ExpiryPolicy, fromStoreForm, parsePolicy } from '@espejo/core';
import type { WrittenExpiryPolicy } from './inputs.ts';

/** Parses a written policy. Throws `invalid_request` with the reason. */
export function readPolicy(written: WrittenExpiryPolicy): ExpiryPolicy {
  return accept(parsePolicy(written));
}

/** What an edit changes in a store's policy, in either form: omitted keeps, null clears. */
export function readExpiryEdit(edit: {
  readonly expiryPolicy?: WrittenExpiryPolicy | null | undefined;
  readonly expiresAfter?: { readonly anchor: 'last_active_at'; readonly days: number } | null | undefined;
}): ExpiryEdit {
  const { expiryPolicy, expiresAfter } = edit;
  if (expiryPolicy !== undefined) return expiryPolicy === null ? null : readPolicy(expiryPolicy);
  return expiresAfter === undefined ? undefined : accept(fromStoreForm(expiresAfter));
}

/** Returns the checked value, or throws `invalid_request` with the reason. */
export function accept<T>(checked: Checked<T>): T {
  if (checked.isOk) return checked.value;
  throw new AppError('invalid_request', `This expiry policy cannot be used. ${checked.reason}`, {
    details: { reason: checked.code },
  });
}
