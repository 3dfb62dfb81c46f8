import { SyncRunStatus } from '@espejo/contracts';
import { parseAsStringLiteral } from 'nuqs';
import { asStep, parseAsText } from '#lib/params/parsers.ts';

/** The filters of the run history in the URL. */
export const syncSearchParams = {
  connection: parseAsText(256).withOptions(asStep),
  status: parseAsStringLiteral(SyncRunStatus.options).withOptions(asStep),
};
