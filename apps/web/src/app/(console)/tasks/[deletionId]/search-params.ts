import { DeletionStepState } from '@espejo/contracts';
import { parseAsStringLiteral } from 'nuqs';
import { asStep } from '#lib/params/parsers.ts';

/** The state filter of the ledger in the URL. */
export const taskSearchParams = {
  state: parseAsStringLiteral(DeletionStepState.options).withOptions(asStep),
};
