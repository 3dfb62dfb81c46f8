import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asSyncer, attachmentRow, fileRow, mirrorAttachments, mirrorFiles } from '../../testing/rows.ts';
import { openTempDatabase, type TempDatabase } from '../../testing/temp-database.ts';

const storeId = fc.constantFrom('vs_1', 'vs_2', 'vs_3');
const fileId = fc.constantFrom('file-a', 'file-b', 'file-c', 'file-d');
const fileIds = fc.uniqueArray(fileId, { minLength: 1 });

/** What a sync does to files and attachments, and what removing a connection does. */
const step = fc.oneof(
  fc.record({ verb: fc.constant('list files'), fileIds }),
  fc.record({ verb: fc.constant('list attachments'), storeId, fileIds }),
  fc.record({ verb: fc.constant('remove attachment'), storeId, fileIds }),
  fc.record({ verb: fc.constant('remove store'), storeId }),
  fc.record({ verb: fc.constant('remove file'), fileIds }),
  fc.record({ verb: fc.constant('mark missing'), storeId, fileIds }),
  fc.record({ verb: fc.constant('remove all attachments') }),
  fc.record({ verb: fc.constant('remove all files') }),
);

describe("a file's count of attachments", () => {
  let temp: TempDatabase;
  let tenants = 0;
  beforeAll(async () => {
    temp = await openTempDatabase();
  });
  afterAll(() => temp.dispose());

  it('equals the number of its attachments after any history', async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      tenants += 1;
      const owner = { tenantId: `tenant-${tenants}` };
      const { tenantId } = owner;
      const files = new Set<string>();
      const attachments = new Set<string>();
      for (const { verb, ...of } of steps) {
        const store = 'storeId' in of ? of.storeId : '';
        const ids = 'fileIds' in of ? of.fileIds : [];
        switch (verb) {
          case 'list files':
            await mirrorFiles(
              temp.db,
              owner,
              ids.map((id) => fileRow(id)),
            );
            for (const id of ids) files.add(id);
            break;
          case 'list attachments':
            await mirrorAttachments(
              temp.db,
              owner,
              store,
              ids.map((id) => attachmentRow(id)),
            );
            for (const id of ids) attachments.add(`${store}/${id}`);
            break;
          case 'remove attachment':
            await asSyncer(temp.db, owner, async (tx) => {
              for (const id of ids) await tx.attachments.remove(tenantId, store, id);
            });
            for (const id of ids) attachments.delete(`${store}/${id}`);
            break;
          case 'remove store':
            await asSyncer(temp.db, owner, (tx) => tx.attachments.removeAllOfStore(tenantId, store));
            for (const key of attachments) if (key.startsWith(`${store}/`)) attachments.delete(key);
            break;
          case 'remove file':
            await asSyncer(temp.db, owner, async (tx) => {
              for (const id of ids) await tx.files.remove(tenantId, id);
            });
            for (const id of ids) files.delete(id);
            break;
          case 'mark missing':
            await asSyncer(temp.db, owner, (tx) => tx.attachments.markMissing(tenantId, store, ids, 1));
            break;
          case 'remove all attachments':
            await asSyncer(temp.db, owner, (tx) => tx.attachments.removeAllOf(tenantId, 'conn'));
            attachments.clear();
            break;
          case 'remove all files':
            await asSyncer(temp.db, owner, (tx) => tx.files.removeAllOf(tenantId, 'conn'));
            files.clear();
        }
        for (const id of ['file-a', 'file-b', 'file-c', 'file-d']) {
          const wanted = [...attachments].filter((key) => key.endsWith(`/${id}`)).length;
          const row = await temp.db.read.fileList.find(tenantId, id);
          expect(row?.attachmentCount).toBe(files.has(id) ? wanted : undefined);
        }
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });
});
