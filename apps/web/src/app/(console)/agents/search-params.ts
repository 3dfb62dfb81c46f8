import { LIMITS } from '@espejo/contracts';
import { debounce } from 'nuqs';
import { parseAsText } from '#lib/params/parsers.ts';

/** The view of the agents, as the URL holds it. */
export const agentsSearchParams = {
  q: parseAsText(LIMITS.searchTextMax)
    .withDefault('')
    .withOptions({ limitUrlUpdates: debounce(200) }),
};
