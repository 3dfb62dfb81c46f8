import { LIMITS } from '@espejo/contracts';
import { debounce } from 'nuqs';
import { parseAsText } from '#lib/params/parsers.ts';

/** The filters of the agents list in the URL. */
export const agentsSearchParams = {
  q: parseAsText(LIMITS.searchTextMax)
    .withDefault('')
    .withOptions({ limitUrlUpdates: debounce(200) }),
};
