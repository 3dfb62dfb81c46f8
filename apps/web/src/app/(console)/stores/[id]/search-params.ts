import { LIMITS } from '@espejo/contracts';
import { createParser, debounce, parseAsInteger, parseAsStringLiteral } from 'nuqs';
import { asStep, parseAsText } from '#lib/params/parsers.ts';

const STORE_TABS = ['files', 'search', 'history', 'details'] as const;

/** The tab and filters of a store's page in the URL. */
export const storeSearchParams = {
  tab: parseAsStringLiteral(STORE_TABS).withDefault('files').withOptions(asStep),
  q: parseAsText(LIMITS.searchTextMax)
    .withDefault('')
    .withOptions({ limitUrlUpdates: debounce(200) }),
  status: parseAsText(64).withOptions(asStep),
};

const QUERY_TEXT_MAX = 4_096;
const FILTER_TEXT_MAX = 8_192;

/** The current search in the URL, so that a shared link shows the same search. */
export const playgroundParams = {
  find: parseAsText(QUERY_TEXT_MAX).withDefault('').withOptions(asStep),
  filter: parseAsText(FILTER_TEXT_MAX).withDefault('').withOptions(asStep),
  ranker: parseAsStringLiteral(['auto', 'none']).withDefault('auto').withOptions(asStep),
  vectors: parseBetween(0, 100).withDefault(50).withOptions(asStep),
  /** In hundredths. */
  threshold: parseBetween(0, 100).withDefault(0).withOptions(asStep),
  limit: parseBetween(1, 50).withDefault(10).withOptions(asStep),
  /** The store to compare with. */
  beside: parseAsText(LIMITS.idMax).withOptions(asStep),
};

function parseBetween(min: number, max: number) {
  return createParser({
    parse(text) {
      const value = parseAsInteger.parse(text);
      return value !== null && value >= min && value <= max ? value : null;
    },
    serialize: String,
  });
}
