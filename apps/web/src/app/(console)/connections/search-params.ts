import { parseAsStringLiteral } from 'nuqs';
import { asStep, parseAsText } from '#lib/params/parsers.ts';

/** Which form is open, in the URL. */
export const connectionsSearchParams = {
  new: parseAsStringLiteral(['true']).withOptions(asStep),
  edit: parseAsText(256).withOptions(asStep),
};
