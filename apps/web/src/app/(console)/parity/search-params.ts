import { LIMITS } from '@espejo/contracts';
import { asStep, parseAsText } from '#lib/params/parsers.ts';

/** Which two stores are compared, and which comparison is shown, as the URL holds it. */
export const paritySearchParams = {
  left: parseAsText(LIMITS.idMax).withOptions(asStep),
  right: parseAsText(LIMITS.idMax).withOptions(asStep),
  run: parseAsText(LIMITS.idMax).withOptions(asStep),
};
