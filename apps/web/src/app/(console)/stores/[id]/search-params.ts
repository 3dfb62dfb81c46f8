import { LIMITS } from '@espejo/contracts';
import { createParser, debounce, parseAsStringLiteral } from 'nuqs';

const text = (max: number) =>
  createParser({
    parse: (value) => (value.length > 0 && value.length <= max ? value : null),
    serialize: (value: string) => value,
  });

export const STORE_TABS = ['files', 'history', 'details'] as const;
export type StoreTab = (typeof STORE_TABS)[number];

/** The view of a store's page, as the URL holds it. */
export const storeSearchParams = {
  tab: parseAsStringLiteral(STORE_TABS).withDefault('files').withOptions({ history: 'push' }),
  q: text(LIMITS.searchTextMax)
    .withDefault('')
    .withOptions({ limitUrlUpdates: debounce(200) }),
  status: text(64).withOptions({ history: 'push' }),
};
