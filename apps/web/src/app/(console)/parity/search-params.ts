import { LIMITS } from '@espejo/contracts';
import { asStep, parseAsText } from '#lib/params/parsers.ts';

/** The two stores and the comparison that is shown, in the URL. */
export const paritySearchParams = {
  left: parseAsText(LIMITS.idMax).withOptions(asStep),
  right: parseAsText(LIMITS.idMax).withOptions(asStep),
  run: parseAsText(LIMITS.idMax).withOptions(asStep),
};
