import { LIMITS } from '@espejo/contracts';
import { debounce, parseAsStringLiteral } from 'nuqs';
import { asStep, parseAsText } from '#lib/params/parsers.ts';

const STORE_TABS = ['files', 'history', 'details'] as const;

/** The view of a store's page, as the URL holds it. */
export const storeSearchParams = {
  tab: parseAsStringLiteral(STORE_TABS).withDefault('files').withOptions(asStep),
  q: parseAsText(LIMITS.searchTextMax)
    .withDefault('')
    .withOptions({ limitUrlUpdates: debounce(200) }),
  status: parseAsText(64).withOptions(asStep),
};
