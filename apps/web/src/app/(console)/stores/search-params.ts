import { LIMITS, VectorStoreSort } from '@espejo/contracts';
import { debounce, parseAsStringLiteral } from 'nuqs';
import { asStep, parseAsText } from '#lib/params/parsers.ts';

/**
 * The view of the stores list, as the URL holds it. Choosing a facet or an order makes a step for Back; typing does
 * not, and settles first.
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
