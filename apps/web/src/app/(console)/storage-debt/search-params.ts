import { LIMITS } from '@espejo/contracts';
import { asStep, parseAsText } from '#lib/params/parsers.ts';

/** The view of the storage debt in the URL. */
export const debtSearchParams = {
  connection: parseAsText(LIMITS.idMax).withOptions(asStep),
};
