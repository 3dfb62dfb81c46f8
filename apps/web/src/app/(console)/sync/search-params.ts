import { SyncRunStatus } from '@espejo/contracts';
import { parseAsStringLiteral } from 'nuqs';
import { asStep, parseAsText } from '#lib/params/parsers.ts';

/** Which runs the history shows, as the URL holds it. */
export const syncSearchParams = {
  connection: parseAsText(256).withOptions(asStep),
  status: parseAsStringLiteral(SyncRunStatus.options).withOptions(asStep),
};
