import { LIMITS, VectorStoreSort } from '@espejo/contracts';
import { createParser, debounce, parseAsString, parseAsStringLiteral } from 'nuqs';

/** Text that the API would refuse for its length is dropped as a bad value. */
const parseAsText = (max: number) =>
  createParser({
    parse: (text) => (text.length > 0 && text.length <= max ? text : null),
    serialize: (text: string) => text,
  });

const step = { history: 'push' } as const;

/**
 * The view of the stores list, as the URL holds it. Choosing a facet or an order makes a step for Back; typing does
 * not, and settles first.
 */
export const storesSearchParams = {
  q: parseAsText(LIMITS.searchTextMax)
    .withDefault('')
    .withOptions({ limitUrlUpdates: debounce(200) }),
  source: parseAsStringLiteral(['primary', 'cache']).withOptions(step),
  status: parseAsText(64).withOptions(step),
  connection: parseAsString.withOptions(step),
  sort: parseAsStringLiteral(VectorStoreSort.options).withDefault('createdAt').withOptions(step),
  order: parseAsStringLiteral(['asc', 'desc']).withDefault('desc').withOptions(step),
};
