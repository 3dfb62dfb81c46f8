import { FileSort, LIMITS } from '@espejo/contracts';
import { debounce, parseAsStringLiteral } from 'nuqs';
import { asStep, parseAsText } from '#lib/params/parsers.ts';

/** The filters and order of the files page in the URL. */
export const filesSearchParams = {
  q: parseAsText(LIMITS.searchTextMax)
    .withDefault('')
    .withOptions({ limitUrlUpdates: debounce(200) }),
  orphan: parseAsStringLiteral(['true', 'false']).withOptions(asStep),
  purpose: parseAsText(64).withOptions(asStep),
  connection: parseAsText(256).withOptions(asStep),
  sort: parseAsStringLiteral(FileSort.options).withDefault('createdAt').withOptions(asStep),
  order: parseAsStringLiteral(['asc', 'desc']).withDefault('desc').withOptions(asStep),
  /** The file whose details are open. */
  file: parseAsText(256).withOptions(asStep),
};
