/** One kind of list query: the paths to request, one after another. */
export interface Query {
  readonly name: string;
  readonly paths: readonly string[];
  /** A write precedes each query, as during a sync, so that cached counts are invalid. */
  readonly isAfterWrite: boolean;
}

const LIST = '/api/vector-stores';
const SORTS = ['createdAt', 'name', 'usageBytes', 'files', 'lastActiveAt', 'expiresAt', 'status'];

/** Every filter, every sort both ways, texts of every kind, and combinations; `count` queries of each. */
export function storeQueries(input: {
  connectionIds: readonly string[];
  texts: { readonly common: string; readonly rare: string; readonly none: string };
  count: number;
}): Query[] {
  const { count } = input;
  const { common, rare, none } = input.texts;
  const [first, second] = input.connectionIds;
  const same = (path: string) => Array.from({ length: count }, () => path);
  const list = (name: string, query: string): Query => ({ name, paths: same(`${LIST}?${query}`), isAfterWrite: false });
  const facets = (name: string, query: string): Query => ({
    name,
    paths: same(`${LIST}/facets?${query}`),
    isAfterWrite: false,
  });
  const texts = (name: string, values: readonly string[], query = ''): Query => ({
    name,
    paths: values.slice(0, count).map((text) => `${LIST}?q=${encodeURIComponent(text)}${query}`),
    isAfterWrite: false,
  });
  const afterWrite = (query: Query): Query => ({ ...query, name: `${query.name}, after a write`, isAfterWrite: true });
  return [
    list('no filter', 'limit=50'),
    afterWrite(list('no filter', 'limit=50')),
    list('no filter, 200 rows', 'limit=200'),
    ...['primary', 'cache'].map((source) => list(`source ${source}`, `source=${source}`)),
    ...['completed', 'in_progress', 'expired', 'missing', 'unheard_of'].map((status) =>
      list(`status ${status}`, `status=${status}`),
    ),
    ...['soon', 'expired'].map((state) => list(`expiring ${state}`, `expiring=${state}`)),
    list('connection 1', `connectionId=${first}`),
    list('connection 2', `connectionId=${second}`),
    ...SORTS.flatMap((sort) =>
      ['asc', 'desc'].map((order) => list(`sort ${sort} ${order}`, `sort=${sort}&order=${order}`)),
    ),
    list('common text (every second row)', `q=${common}`),
    list('common text, sort name', `q=${common}&sort=name&order=asc`),
    list('common text, sort usageBytes', `q=${common}&sort=usageBytes`),
    texts('common text, another each time', piecesOf(` ${common} `, 3)),
    list('rare text (7 rows)', `q=${rare}`),
    list('rare text, sort name', `q=${rare}&sort=name&order=asc`),
    texts(
      'rare text, another each time',
      Array.from({ length: count }, (_, n) => String(1000 + n * 17)),
    ),
    list('text of an id', 'q=vs_0000c3'),
    list('2 characters', 'q=fi'),
    texts('2 characters, another each time', [
      ...new Set([
        ...piecesOf('handbook', 2, 2),
        ...piecesOf('contracts', 2, 2),
        ...piecesOf('onboarding', 2, 2),
        'zq',
      ]),
    ]),
    list('1 character', 'q=e'),
    list('text, no match', `q=${none}`),
    list('mirror + completed + common text', `source=cache&status=completed&q=${common}`),
    list('primary + completed + sort name', 'source=primary&status=completed&sort=name&order=asc'),
    list('connection + missing + sort name', `connectionId=${second}&status=missing&sort=name&order=asc`),
    list('primary + missing: nothing', 'source=primary&status=missing'),
    list('connection + expired + sort expiresAt', `connectionId=${first}&status=expired&sort=expiresAt&order=asc`),
    facets('facet counts', ''),
    afterWrite(facets('facet counts', '')),
    facets('facet counts, common text', `q=${common}`),
    facets('facet counts, rare text', `q=${rare}`),
  ];
}

/** Deep pages, reached by following cursors. */
export async function deepQueries(input: {
  url: string;
  storeCount: number;
  text: string;
  count: number;
}): Promise<Query[]> {
  const { url, storeCount, text, count } = input;
  const targets = [
    { query: 'sort=createdAt&order=desc', depth: storeCount * 0.9 },
    { query: 'sort=name&order=asc', depth: storeCount * 0.9 },
    { query: `sort=usageBytes&order=desc&q=${text}`, depth: storeCount * 0.4 },
  ];
  const queries: Query[] = [];
  for (const { query, depth } of targets) {
    let cursor = '';
    let row = 0;
    while (row < depth) {
      const response = await fetch(`${url}${LIST}?${query}&limit=200${cursor}`);
      const page = (await response.json()) as { data: unknown[]; nextCursor: string | null };
      if (page.nextCursor === null) throw new Error(`${query} ended at row ${row}.`);
      row += page.data.length;
      cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
    }
    queries.push({
      name: `page at row ${row}: ${query.replaceAll('&', ' ')}`,
      paths: Array.from({ length: count }, () => `${LIST}?${query}${cursor}`),
      isAfterWrite: false,
    });
  }
  return queries;
}

/** Every substring of at least `lengthMin` characters. */
function piecesOf(text: string, lengthMin: number, lengthMax = text.length): string[] {
  const pieces = new Set<string>();
  for (let length = lengthMin; length <= lengthMax; length += 1) {
    for (let start = 0; start + length <= text.length; start += 1) pieces.add(text.slice(start, start + length).trim());
  }
  return [...pieces].filter((piece) => piece.length >= lengthMin);
}
