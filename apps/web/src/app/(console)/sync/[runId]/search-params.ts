import { StoreHistoryEntry } from '@espejo/contracts';
import { parseAsStringLiteral } from 'nuqs';
import { asStep } from '#lib/params/parsers.ts';

/** The outcome filter of a run in the URL. */
export const runSearchParams = {
  action: parseAsStringLiteral(StoreHistoryEntry.shape.action.options).withOptions(asStep),
};
