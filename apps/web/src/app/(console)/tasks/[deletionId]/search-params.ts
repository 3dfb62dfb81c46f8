import { DeletionStepState } from '@espejo/contracts';
import { parseAsStringLiteral } from 'nuqs';
import { asStep } from '#lib/params/parsers.ts';

/** Which steps of the ledger are shown, as the URL holds it. */
export const taskSearchParams = {
  state: parseAsStringLiteral(DeletionStepState.options).withOptions(asStep),
};
