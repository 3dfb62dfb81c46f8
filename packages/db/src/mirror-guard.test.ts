import type Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Repositories } from './repositories/index.ts';
import {
  asSyncer,
  attachmentRow,
  connectionRow,
  fileRow,
  mirrorAttachments,
  mirrorFiles,
  mirrorStores,
  NOW_MS,
  storeRow,
} from './testing/rows.ts';
import { openTempDatabase, type TempDatabase } from './testing/temp-database.ts';

const REFUSED = { code: 'vector_store_read_only' };
const CONN = 'conn';

/** Writes of mirrored rows through the repositories, each by a function that the syncer uses. */
const REPOSITORY_WRITES: Record<
  string,
  (tx: Repositories, tenantId: string, connectionId: string) => Promise<unknown>
> = {
  'store insert': (tx, t, c) => tx.mirrorStores.upsert(t, c, [{ snapshot: storeRow('vs_new'), fingerprint: '' }], 1),
  'store upsert': (tx, t, c) => tx.mirrorStores.upsert(t, c, [{ snapshot: storeRow('vs_1'), fingerprint: '' }], 1),
  'store listed': (tx, t) => tx.mirrorStores.setFilesListed(t, 'vs_1', 'f', 1),
  'store missing': (tx, t) => tx.mirrorStores.markMissing(t, ['vs_1'], 1),
  'store not missing': (tx, t) => tx.mirrorStores.clearMissing(t, 'vs_1'),
  'store delete': (tx, t) => tx.mirrorStores.remove(t, 'vs_1'),
  'stores delete': (tx, t, c) => tx.mirrorStores.removeAllOf(t, c),
  'file insert': (tx, t, c) => tx.files.upsert(t, c, [{ snapshot: fileRow('file-new'), hash: '' }], 1),
  'file upsert': (tx, t, c) => tx.files.upsert(t, c, [{ snapshot: fileRow('file-1'), hash: '' }], 1),
  'file missing': (tx, t) => tx.files.markMissing(t, ['file-1'], 1),
  'file not missing': (tx, t) => tx.files.clearMissing(t, 'file-1'),
  'file delete': (tx, t) => tx.files.remove(t, 'file-1'),
  'files delete': (tx, t, c) => tx.files.removeAllOf(t, c),
  'file recount': (tx, t) => tx.attachments.recount(t, ['file-1']),
  'attachment insert': (tx, t, c) =>
    tx.attachments.upsert(t, c, 'vs_1', [{ snapshot: attachmentRow('file-9'), hash: '' }]),
  'attachment upsert': (tx, t, c) =>
    tx.attachments.upsert(t, c, 'vs_1', [{ snapshot: attachmentRow('file-1'), hash: '' }]),
  'attachment missing': (tx, t) => tx.attachments.markMissing(t, 'vs_1', ['file-1'], 1),
  'attachment not missing': (tx, t) => tx.attachments.clearMissing(t, 'vs_1', 'file-1'),
  'attachment delete': (tx, t) => tx.attachments.remove(t, 'vs_1', 'file-1'),
  'attachments of a store delete': (tx, t) => tx.attachments.removeAllOfStore(t, 'vs_1'),
  'attachments delete': (tx, t, c) => tx.attachments.removeAllOf(t, c),
};

const STORE = 'tenant_id, id, connection_id, source, backend, status, created_at_s, updated_at_ms';
const FILE = 'tenant_id, id, connection_id, filename, purpose, created_at_s, content_hash';
const ATTACHMENT = 'tenant_id, store_id, file_id, connection_id, status, created_at_s, content_hash';
/** The row number of the mirrored store or file. */
const SEQ_OF = (table: string) => `(select seq from ${table} where connection_id = 'conn')`;

/**
 * What a SQL prompt may try. `t1` has the mirrored vs_1 and file-1 with their attachment, and the primary vs_own and
 * file-own.
 */
const RAW_WRITES = [
  `insert into vector_store (${STORE}) values ('t1', 'vs_new', 'conn', 'cache', 'openai', 'completed', 1, 1)`,
  `insert into vector_store (${STORE}) values ('t1', 'vs_new', null, 'cache', 'openai', 'completed', 1, 1)`,
  `insert or replace into vector_store (${STORE}) values ('t1', 'vs_1', 'conn', 'cache', 'openai', 'completed', 1, 1)`,
  `insert or replace into vector_store (${STORE}) values ('t1', 'vs_1', null, 'primary', 'local', 'completed', 1, 1)`,
  `insert or replace into vector_store (seq, ${STORE}) values (${SEQ_OF('vector_store')}, 't1', 'vs_new', null, 'primary', 'local', 'completed', 1, 1)`,
  `insert into vector_store (${STORE}) values ('t1', 'vs_1', null, 'primary', 'local', 'completed', 1, 1)
     on conflict do update set name = 'edited'`,
  `update vector_store set name = 'edited' where id = 'vs_1'`,
  `update vector_store set source = 'primary', connection_id = null where id = 'vs_1'`,
  `update vector_store set source = 'cache' where id = 'vs_own'`,
  `update vector_store set source = 'cache', connection_id = 'conn' where id = 'vs_own'`,
  `update or replace vector_store set id = 'vs_1' where id = 'vs_own'`,
  `update or replace vector_store set seq = ${SEQ_OF('vector_store')} where id = 'vs_own'`,
  `delete from vector_store where id = 'vs_1'`,
  `delete from vector_store`,
  `insert into file (${FILE}) values ('t1', 'file-new', 'conn', 'f', 'assistants', 1, 'h')`,
  `insert or replace into file (${FILE}) values ('t1', 'file-1', 'conn', 'f', 'assistants', 1, 'h')`,
  `insert or replace into file (${FILE}) values ('t1', 'file-1', null, 'f', 'assistants', 1, 'h')`,
  `insert or replace into file (seq, ${FILE}) values (${SEQ_OF('file')}, 't1', 'file-new', null, 'f', 'assistants', 1, 'h')`,
  `insert into file (${FILE}) values ('t1', 'file-1', null, 'f', 'assistants', 1, 'h')
     on conflict do update set filename = 'edited'`,
  `update file set filename = 'edited' where id = 'file-1'`,
  `update file set connection_id = null where id = 'file-1'`,
  `update file set connection_id = 'conn' where id = 'file-own'`,
  `update or replace file set id = 'file-1' where id = 'file-own'`,
  `update or replace file set seq = ${SEQ_OF('file')} where id = 'file-own'`,
  `delete from file where id = 'file-1'`,
  `insert into attachment (${ATTACHMENT}) values ('t1', 'vs_1', 'file-9', 'conn', 'completed', 1, 'h')`,
  `insert or replace into attachment (${ATTACHMENT}) values ('t1', 'vs_1', 'file-1', 'conn', 'completed', 1, 'h')`,
  `insert or replace into attachment (${ATTACHMENT}) values ('t1', 'vs_1', 'file-1', null, 'completed', 1, 'h')`,
  `insert into attachment (${ATTACHMENT}) values ('t1', 'vs_1', 'file-1', null, 'completed', 1, 'h')
     on conflict do update set status = 'edited'`,
  `update attachment set attributes = '{}' where store_id = 'vs_1'`,
  `update attachment set connection_id = null where store_id = 'vs_1'`,
  `update attachment set connection_id = 'conn' where store_id = 'vs_own'`,
  `update or replace attachment set store_id = 'vs_1', file_id = 'file-1' where store_id = 'vs_own'`,
  `delete from attachment where file_id = 'file-1'`,
];

describe('the mirror guard', () => {
  let temp: TempDatabase;
  let raw: Sqlite.Database;
  const dump = () =>
    ['vector_store', 'file', 'attachment', 'mirror_write_permit'].map((table) =>
      raw.prepare(`select * from ${table}`).all(),
    );

  beforeEach(async () => {
    temp = await openTempDatabase();
    raw = temp.rawConnection();
    for (const tenantId of ['t1', 't2']) {
      const owner = { tenantId };
      await temp.db.transaction((tx) => tx.connections.insert(connectionRow(tenantId, CONN)));
      if (tenantId === 't2') continue;
      await mirrorStores(temp.db, owner, [storeRow('vs_1')]);
      await mirrorFiles(temp.db, owner, [fileRow('file-1')]);
      await mirrorAttachments(temp.db, owner, 'vs_1', [attachmentRow('file-1')]);
    }
    raw.exec(`
      insert into vector_store (${STORE}) values ('t1', 'vs_own', null, 'primary', 'local', 'completed', 1, 1);
      insert into file (${FILE}) values ('t1', 'file-own', null, 'f', 'assistants', 1, 'h');
      insert into attachment (${ATTACHMENT}) values ('t1', 'vs_own', 'file-own', null, 'completed', 1, 'h');`);
  });
  afterEach(() => temp.dispose());

  describe('a repository write without a permit', () => {
    it.each(Object.entries(REPOSITORY_WRITES))('is rejected: %s', async (_, write) => {
      const before = dump();
      await expect(temp.db.transaction((tx) => write(tx, 't1', CONN))).rejects.toMatchObject(REFUSED);
      expect(dump()).toEqual(before);
    });
  });

  describe('a repository write by the syncer with a permit', () => {
    it.each(Object.entries(REPOSITORY_WRITES))('is allowed: %s', async (_, write) => {
      await asSyncer(temp.db, { tenantId: 't1' }, (tx) => write(tx, 't1', CONN));
    });
  });

  describe('SQL on another connection', () => {
    it.each(RAW_WRITES)('is rejected: %s', (sql) => {
      const before = dump();
      expect(() => raw.exec(sql)).toThrow('vector_store_read_only');
      expect(dump()).toEqual(before);
    });
  });

  it('allows writes of primary rows', () => {
    raw.exec(`
      update vector_store set name = 'new' where id = 'vs_own';
      insert or replace into vector_store (${STORE}) values ('t1', 'vs_own', null, 'primary', 'local', 'completed', 2, 2);
      update or replace vector_store set id = 'vs_own2' where id = 'vs_own';
      update file set filename = 'new' where id = 'file-own';
      update attachment set status = 'failed' where store_id = 'vs_own';
      delete from attachment where store_id = 'vs_own';
      delete from file where id = 'file-own';
      delete from vector_store where id = 'vs_own2';`);
    expect(raw.prepare('select id from vector_store').pluck().all()).toEqual(['vs_1']);
  });

  it("does not accept the permit of another connection, or of another tenant's connection with the same id", async () => {
    const before = dump();
    for (const owner of [
      { tenantId: 't1', connectionId: 'conn-2' },
      { tenantId: 't2', connectionId: CONN },
    ]) {
      for (const write of Object.values(REPOSITORY_WRITES)) {
        await expect(asSyncer(temp.db, owner, (tx) => write(tx, 't1', CONN))).rejects.toMatchObject(REFUSED);
      }
    }
    expect(dump()).toEqual(before);
  });

  it('rejects every other writer while the syncer writes, and after it', async () => {
    await temp.db.transaction(async (tx) => {
      await tx.mirrorPermits.grant('t1', CONN);
      await tx.mirrorStores.clearMissing('t1', 'vs_1');
      expect(raw.prepare('select count(*) from mirror_write_permit').pluck().get()).toBe(0);
      // One writer at a time: another connection fails on the lock.
      expect(() => raw.exec("update vector_store set name = 'x' where id = 'vs_1'")).toThrow(/locked/);
    });
    expect(() => raw.exec("update vector_store set name = 'x' where id = 'vs_1'")).toThrow('vector_store_read_only');
    const later = temp.db.transaction((tx) => tx.mirrorStores.clearMissing('t1', 'vs_1'));
    await expect(later).rejects.toMatchObject(REFUSED);
  });

  it('clears a permit that a transaction did not give back, whether it commits or rolls back', async () => {
    await temp.db.transaction((tx) => tx.mirrorPermits.grant('t1', CONN));
    const failing = temp.db.transaction(async (tx) => {
      await tx.mirrorPermits.grant('t1', CONN);
      throw new Error('on the last line');
    });
    await expect(failing).rejects.toThrow('on the last line');
    expect(raw.prepare('select count(*) from mirror_write_permit').pluck().get()).toBe(0);
    await expect(temp.db.transaction((tx) => tx.mirrorStores.remove('t1', 'vs_1'))).rejects.toMatchObject(REFUSED);
  });

  it('rolls back the whole transaction that triggered it', async () => {
    const meets = temp.db.transaction(async (tx) => {
      await tx.vectorStores.edit('t1', 'vs_own', { name: 'edited' }, NOW_MS);
      await tx.files.remove('t1', 'file-1');
    });
    await expect(meets).rejects.toMatchObject(REFUSED);
    expect((await temp.db.read.vectorStores.find('t1', 'vs_own'))?.name).toBeNull();
  });
});
