import { createParser } from 'nuqs';

/** Free text in the URL, as the API takes it: not too long, without NUL. Anything else is a bad value and dropped. */
export function parseAsText(maxChars: number) {
  return createParser({
    parse: (text) => (text.length > 0 && text.length <= maxChars && !text.includes('\0') ? text : null),
    serialize: (text: string) => text,
  });
}

/** Choosing a facet, an order or a tab adds a history entry; typing does not. */
export const asStep = { history: 'push' } as const;
