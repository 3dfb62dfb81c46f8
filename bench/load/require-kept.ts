import { callJson, type Send } from './http.ts';

export type OwnStores = readonly { readonly id: string; readonly name: string; readonly fileCount: number }[];

interface Row {
  readonly id: string;
  readonly name: string;
  readonly fileCounts: { readonly total: number };
}

/**
 * Compares the expected state of the clients with the API: every store that was created and not deleted, with its last name
 * and every file attached to it, and no other store. Returns how many differ; the target is 0.
 */
export async function requireKept(
  send: Send,
  expected: { readonly shared: readonly string[]; readonly primaryStores: OwnStores },
): Promise<{ storeCount: number; wrongCount: number }> {
  const rows = new Map<string, Row>();
  let cursor: string | null = '';
  while (cursor !== null) {
    const path: string = `/api/vector-stores?source=primary&limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page: { data: Row[]; nextCursor: string | null } = await callJson(send, 'GET', path);
    for (const row of page.data) rows.set(row.id, row);
    cursor = page.nextCursor;
  }
  let wrongCount = 0;
  for (const { id, name, fileCount } of expected.primaryStores) {
    const row = rows.get(id);
    if (row === undefined || row.name !== name || row.fileCounts.total !== fileCount) wrongCount += 1;
  }
  const known = new Set([...expected.shared, ...expected.primaryStores.map(({ id }) => id)]);
  wrongCount += [...rows.keys()].filter((id) => !known.has(id)).length;
  return { storeCount: rows.size, wrongCount };
}
