import { StoreHistoryEntry } from '@espejo/contracts';
import { parseAsStringLiteral } from 'nuqs';
import { asStep } from '#lib/params/parsers.ts';

/** Which outcomes of a run are shown, as the URL holds it. */
export const runSearchParams = {
  action: parseAsStringLiteral(StoreHistoryEntry.shape.action.options).withOptions(asStep),
};
