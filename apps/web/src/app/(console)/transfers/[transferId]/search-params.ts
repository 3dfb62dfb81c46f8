import { parseAsStringLiteral } from 'nuqs';
import { asStep } from '#lib/params/parsers.ts';

/** The state filter of the transfer in the URL. */
export const transferSearchParams = {
  state: parseAsStringLiteral(['failed', 'skipped']).withOptions(asStep),
};
