import { parseAsStringLiteral } from 'nuqs';
import { asStep } from '#lib/params/parsers.ts';

/** Which files of the transfer are shown, as the URL holds it. */
export const transferSearchParams = {
  state: parseAsStringLiteral(['failed', 'skipped']).withOptions(asStep),
};
