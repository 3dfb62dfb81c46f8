import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOW_MS } from '../../testing/rows.ts';
import { openTempDatabase, type TempDatabase } from '../../testing/temp-database.ts';
import type { AttachmentStatus } from './attachment-status.ts';

const STORES = ['vs_1', 'vs_2'];
const FILES = ['file-a', 'file-b'];
const BATCHES = ['vsfb_1', 'vsfb_2'];

const where = { storeId: fc.constantFrom(...STORES), fileId: fc.constantFrom(...FILES) };
const batchId = fc.option(fc.constantFrom(...BATCHES));
const outcome = fc.record({
  status: fc.constantFrom<AttachmentStatus>('completed', 'failed', 'cancelled'),
  usageBytes: fc.integer({ min: 1, max: 1000 }),
});

/** What may happen to files of stores, in any order. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ verb: fc.constant('attach' as const), ...where, batchId }) },
  { weight: 5, arbitrary: fc.record({ verb: fc.constant('finish' as const), ...where, outcome }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('retry' as const), ...where }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constant('detach' as const), ...where }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('trash' as const), storeId: where.storeId }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('restore' as const), storeId: where.storeId }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('delete file' as const), fileId: where.fileId }) },
);

interface Held {
  status: AttachmentStatus;
  usageBytes: number;
}

describe('the counters of a primary store', () => {
  let temp: TempDatabase;
  let tenants = 0;
  beforeAll(async () => {
    temp = await openTempDatabase();
  });
  afterAll(() => temp.dispose());

  async function fill(tenantId: string): Promise<void> {
    await temp.db.transaction(async (tx) => {
      for (const id of STORES) {
        await tx.vectorStores.insertPrimary({ tenantId, id, name: id, createdAtS: 1, nowMs: NOW_MS });
        await tx.fileBatches.insert({
          tenantId,
          id: BATCHES[STORES.indexOf(id)] ?? '',
          storeId: id,
          createdAtS: 1,
          fileIds: FILES,
        });
      }
      for (const id of FILES) {
        const fields = { filename: id, purpose: 'assistants', mimeType: null, sizeBytes: 1, sha256: id };
        await tx.primaryFiles.insert({ tenantId, id, ...fields, createdAtS: 1, expiresAtS: null, adoptedFrom: null });
      }
    });
  }

  it('equal the number of its attachments after any history, in its own tenant only', async () => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      tenants += 1;
      const tenantId = `tenant-${tenants}`;
      const other = `other-${tenants}`;
      await fill(tenantId);
      await fill(other);
      const held = new Map<string, Held>();
      const trashed = new Set<string>();
      const gone = new Set<string>();
      for (const s of steps) {
        const key = 'storeId' in s && 'fileId' in s ? `${s.storeId}/${s.fileId}` : '';
        await temp.db.transaction(async (tx) => {
          switch (s.verb) {
            case 'attach': {
              if (gone.has(s.fileId)) return;
              const row = { tenantId, storeId: s.storeId, fileId: s.fileId, batchId: s.batchId, nowMs: NOW_MS };
              const how = { attributes: {}, maxTokens: 800, overlapTokens: 400 };
              if (held.has(key)) await tx.primaryAttachments.restart({ ...row, ...how });
              else await tx.primaryAttachments.insert({ ...row, ...how, createdAtS: 1 });
              held.set(key, { status: 'in_progress', usageBytes: 0 });
              return;
            }
            case 'finish': {
              const end = { ...s.outcome, chunkCount: 1, lastError: null };
              const isThere = await tx.primaryAttachments.finish({ tenantId, ...s }, end, NOW_MS);
              expect(isThere).toBe(held.has(key));
              if (isThere) held.set(key, { ...s.outcome });
              return;
            }
            case 'retry': {
              await tx.primaryAttachments.retry({ tenantId, ...s }, NOW_MS);
              const before = held.get(key);
              if (before?.status === 'failed' || before?.status === 'cancelled')
                held.set(key, { status: 'in_progress', usageBytes: 0 });
              return;
            }
            case 'detach':
              expect(await tx.primaryAttachments.remove({ tenantId, ...s }, NOW_MS)).toBe(held.delete(key));
              return;
            case 'trash':
              await tx.trash.put(tenantId, s.storeId, NOW_MS);
              trashed.add(s.storeId);
              return;
            case 'restore':
              await tx.trash.restore(tenantId, s.storeId, NOW_MS);
              trashed.delete(s.storeId);
              return;
            case 'delete file':
              for (const storeId of await tx.primaryAttachments.listStoresOf(tenantId, s.fileId)) {
                await tx.primaryAttachments.remove({ tenantId, storeId, fileId: s.fileId }, NOW_MS);
                held.delete(`${storeId}/${s.fileId}`);
              }
              await tx.primaryFiles.remove(tenantId, s.fileId);
              gone.add(s.fileId);
          }
        });
      }
      for (const storeId of STORES) {
        const mine = [...held].filter(([key]) => key.startsWith(`${storeId}/`)).map(([, row]) => row);
        const count = (status: AttachmentStatus) => mine.filter((row) => row.status === status).length;
        const fileCounts = {
          in_progress: count('in_progress'),
          completed: count('completed'),
          failed: count('failed'),
          cancelled: count('cancelled'),
          total: mine.length,
        };
        const isBusy = fileCounts.in_progress > 0;
        expect(await temp.db.read.vectorStores.find(tenantId, storeId)).toMatchObject({
          fileCounts,
          usageBytes: mine.reduce((sum, row) => sum + row.usageBytes, 0),
          status: trashed.has(storeId) ? 'trashed' : isBusy ? 'in_progress' : 'completed',
        });
        expect(await temp.db.read.vectorStores.find(other, storeId)).toMatchObject({ fileCounts: { total: 0 } });
      }
      for (const fileId of FILES) {
        const file = await temp.db.read.fileList.find(tenantId, fileId);
        const wanted = [...held.keys()].filter((key) => key.endsWith(`/${fileId}`)).length;
        expect(file?.attachmentCount).toBe(gone.has(fileId) ? undefined : wanted);
      }
      const pending = [...held.values()].filter((row) => row.status === 'in_progress').length;
      expect(await temp.db.read.ingestionQueue.countPending(tenantId)).toBe(pending);
    });
    await fc.assert(property, { numRuns: 100 });
  });
});
