import { LIMITS, VectorStoreSort } from '@espejo/contracts';
import { debounce, parseAsStringLiteral } from 'nuqs';
import { asStep, parseAsText } from '#lib/params/parsers.ts';

/**
 * The filters and order of the stores list in the URL. Choosing a facet or an order adds a history entry; typing is
 * debounced and adds none.
 */
export const storesSearchParams = {
  q: parseAsText(LIMITS.searchTextMax)
    .withDefault('')
    .withOptions({ limitUrlUpdates: debounce(200) }),
  source: parseAsStringLiteral(['primary', 'cache']).withOptions(asStep),
  status: parseAsText(64).withOptions(asStep),
  expiring: parseAsStringLiteral(['soon', 'expired']).withOptions(asStep),
  connection: parseAsText(256).withOptions(asStep),
  sort: parseAsStringLiteral(VectorStoreSort.options).withDefault('createdAt').withOptions(asStep),
  order: parseAsStringLiteral(['asc', 'desc']).withDefault('desc').withOptions(asStep),
};
