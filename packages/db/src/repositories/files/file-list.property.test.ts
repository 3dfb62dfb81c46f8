import type { FileSnapshot } from '@espejo/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareBytes, plainText, readAllPages } from '../../testing/pages.ts';
import { asSyncer, attachmentRow, fileRow, NOW_MS } from '../../testing/rows.ts';
import { openTempDatabase, type TempDatabase } from '../../testing/temp-database.ts';
import { pieceOf, trickyText } from '../../testing/texts.ts';
import type { FileKey, FileListInput, FileSort } from './file-list.ts';

/** A file as the oracle keeps it, with the stores it is attached to. */
interface World extends FileSnapshot {
  readonly connectionId: string;
  readonly isMissing: boolean;
  readonly storeIds: readonly string[];
}

const small = fc.integer({ min: 0, max: 3 });
const worldFile: fc.Arbitrary<Omit<World, 'id'>> = fc
  .record({
    filename: trickyText(12),
    bytes: fc.option(fc.oneof(small, fc.constant(2 ** 45))),
    purpose: fc.constantFrom('assistants', 'assistants', 'user_data', "o'ther"),
    createdAt: small,
    connectionId: fc.constantFrom('conn', 'conn-2'),
    isMissing: fc.boolean(),
    storeIds: fc.uniqueArray(fc.constantFrom('vs_1', 'vs_2', 'vs_3'), { maxLength: 3 }),
  })
  .map((fields) => ({ ...fileRow(''), ...fields }));

const world = fc
  .uniqueArray(fc.integer({ min: 0, max: 999 }), { maxLength: 30 })
  .chain((numbers) =>
    fc
      .array(worldFile, { minLength: numbers.length, maxLength: numbers.length })
      .map((files) => files.map((file, i) => ({ ...file, id: `file-${numbers[i]}X` }) satisfies World)),
  );

type Filter = Pick<FileListInput, 'connectionId' | 'purpose' | 'text' | 'isOrphan' | 'orphanCreatedBeforeS'>;

const query = (files: readonly World[]) =>
  fc.record({
    filter: fc.record({
      connectionId: fc.constantFrom(undefined, undefined, 'conn', 'conn-2', 'unknown'),
      purpose: fc.constantFrom(undefined, undefined, 'assistants', "o'ther"),
      isOrphan: fc.constantFrom(undefined, true, false),
      orphanCreatedBeforeS: fc.integer({ min: 0, max: 4 }),
      text: fc.option(pieceOf(files.flatMap((file) => [file.filename, file.id])), { nil: undefined }),
    }),
    sort: fc.constantFrom('createdAt', 'filename', 'bytes'),
    order: fc.constantFrom('asc', 'desc'),
    limit: fc.integer({ min: 1, max: 9 }),
  });

const worldAndQueries = world.chain((files) =>
  fc.record({ files: fc.constant(files), queries: fc.array(query(files), { minLength: 1, maxLength: 5 }) }),
);

function isOrphan(file: World, createdBeforeS: number): boolean {
  const { purpose, storeIds, createdAt, isMissing } = file;
  return purpose === 'assistants' && storeIds.length === 0 && createdAt < createdBeforeS && !isMissing;
}

function isWanted(file: World, filter: Filter): boolean {
  const texts = [file.filename, file.id].map(plainText).join('\n');
  return (
    (filter.connectionId === undefined || filter.connectionId === file.connectionId) &&
    (filter.purpose === undefined || filter.purpose === file.purpose) &&
    (filter.isOrphan === undefined || filter.isOrphan === isOrphan(file, filter.orphanCreatedBeforeS)) &&
    texts.includes(plainText(filter.text?.trim() ?? ''))
  );
}

/** An unknown size sorts before 0. Ties go by id. */
function compareBy(sort: FileSort): (a: World, b: World) => number {
  return (a, b) => {
    const byValue =
      sort === 'filename'
        ? compareBytes(a.filename, b.filename)
        : sort === 'bytes'
          ? (a.bytes ?? -1) - (b.bytes ?? -1)
          : a.createdAt - b.createdAt;
    return byValue || compareBytes(a.id, b.id);
  };
}

describe('the list of files', () => {
  let temp: TempDatabase;
  let tenants = 0;
  beforeAll(async () => {
    temp = await openTempDatabase();
  });
  afterAll(() => temp.dispose());

  /** Every generated world has a tenant of its own, next to those before it. */
  async function settle(files: readonly World[]): Promise<string> {
    tenants += 1;
    const tenantId = `tenant-${tenants}`;
    await asSyncer(temp.db, { tenantId, connectionId: 'conn' }, async (tx) => {
      await tx.mirrorPermits.grant(tenantId, 'conn-2');
      for (const [i, file] of files.entries()) {
        const { id, connectionId, storeIds } = file;
        const attach = async () => {
          for (const storeId of storeIds) {
            await tx.attachments.upsert(tenantId, connectionId, storeId, [{ snapshot: attachmentRow(id), hash: '' }]);
          }
          await tx.attachments.recount(tenantId, [id]);
        };
        // A sync may store the attachments before the file, or after it.
        if (i % 2 === 0) await attach();
        await tx.files.upsert(tenantId, connectionId, [{ snapshot: file, hash: '' }], NOW_MS);
        if (i % 2 === 1) await attach();
        if (file.isMissing) await tx.files.markMissing(tenantId, [id], NOW_MS);
      }
    });
    return tenantId;
  }

  it('equals a plain filter and sort, page by page: no gap, no repeat, correct totals and orphans', async () => {
    const property = fc.asyncProperty(worldAndQueries, async ({ files, queries }) => {
      const tenantId = await settle(files);
      for (const { filter, sort, order, limit } of queries) {
        const { rows, total } = await readAllPages(limit, (after: FileKey | undefined) =>
          temp.db.read.fileList.list({ tenantId, ...filter, sort, order, after, limit }),
        );
        const wanted = files.filter((file) => isWanted(file, filter)).sort(compareBy(sort));
        if (order === 'desc') wanted.reverse();
        expect(rows).toEqual(
          wanted.map(({ isMissing, storeIds, ...file }) => ({
            ...file,
            attachmentCount: storeIds.length,
            syncedAtMs: NOW_MS,
            missingSinceMs: isMissing ? NOW_MS : null,
            sha256: null,
            mimeType: null,
            adoptedFrom: null,
            isUsedByTool: false,
          })),
        );
        expect(total).toBe(wanted.length);
      }
    });
    await fc.assert(property, { numRuns: 150 });
  });

  it('returns the same orphan totals as a plain count', async () => {
    const property = fc.asyncProperty(world, fc.integer({ min: 0, max: 4 }), async (files, createdBeforeS) => {
      const tenantId = await settle(files);
      const orphans = files.filter((file) => isOrphan(file, createdBeforeS));
      expect(await temp.db.read.fileList.orphanTotals(tenantId, createdBeforeS)).toEqual({
        count: orphans.length,
        sizeBytes: orphans.reduce((sum, file) => sum + (file.bytes ?? 0), 0),
      });
      expect(await temp.db.read.fileList.count(tenantId)).toBe(files.length);
    });
    await fc.assert(property, { numRuns: 60 });
  });
});
