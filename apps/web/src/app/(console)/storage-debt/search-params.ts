import { LIMITS } from '@espejo/contracts';
import { asStep, parseAsText } from '#lib/params/parsers.ts';

/** The view of the storage debt, as the URL holds it. */
export const debtSearchParams = {
  connection: parseAsText(LIMITS.idMax).withOptions(asStep),
};
