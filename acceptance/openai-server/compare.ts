import type { FileRow, VectorStore } from '@espejo/contracts';
import { expect } from 'vitest';
import type { Espejo } from '../support/espejo.ts';
import { allPages } from '../support/pages.ts';
import { expectedFile, expectedStore, expectedStoreFile } from './expected.ts';

type Row = { readonly id: string } & Readonly<Record<string, unknown>>;

export interface UpstreamWorld {
  readonly stores: readonly Row[];
  readonly files: readonly Row[];
  readonly attachments: ReadonlyMap<string, readonly Row[]>;
}

/** Asserts over the API that the mirror has exactly these stores, files and attachments. */
export async function expectExactMirror(espejo: Pick<Espejo, 'call'>, world: UpstreamWorld): Promise<void> {
  const { call } = espejo;
  const stores = await allPages<VectorStore>((cursor) => call('listVectorStores', { query: { limit: 200, cursor } }));
  expect(ids(stores.rows)).toEqual(ids(world.stores));
  const files = await allPages<FileRow>((cursor) => call('listFiles', { query: { limit: 200, cursor } }));
  expect(ids(files.rows)).toEqual(ids(world.files));
  const fileById = new Map(world.files.map((file) => [file.id, file]));
  for (const row of files.rows) expect(row).toMatchObject(expectedFile(fileById.get(row.id) ?? {}));

  for (const store of world.stores) {
    const attached = world.attachments.get(store.id) ?? [];
    const detail = await call('getVectorStore', { params: { id: store.id } });
    expect(detail).toMatchObject({
      ...expectedStore(store),
      filesListingComplete: true,
      listedFileCount: attached.length,
      ghostCount: attached.filter((row) => !fileById.has(row.id)).length,
    });
    // The list and the page show the same store, except the words of its expiry, which depend on the time of the request.
    const listed = pick(detail, Object.keys(stores.rows[0] ?? {}));
    expect(stores.rows.find((row) => row.id === store.id)).toEqual({ ...listed, expiryText: expect.any(String) });
    const held = await allPages((cursor) =>
      call('listVectorStoreFiles', { params: { id: store.id }, query: { limit: 200, cursor } }),
    );
    const expected = attached.map((row) => expectedStoreFile(store.id, row, fileById.get(row.id)));
    expect(sorted(held.rows)).toEqual(sorted(expected));
  }
}

function ids(rows: readonly { readonly id: string }[]): string[] {
  return rows.map((row) => row.id).sort();
}

function sorted<T extends { readonly id: string }>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function pick(row: object, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([key]) => keys.includes(key)));
}
