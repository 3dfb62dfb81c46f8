import { afterEach, beforeEach, expect } from 'vitest';
import type { Database } from '../database.ts';
import {
  attachmentRow,
  changeRow,
  connectionRow,
  deletionRow,
  fileRow,
  mirrorAttachments,
  mirrorFiles,
  mirrorStores,
  NOW_MS,
  runRow,
  stepRow,
  storeRow,
} from './rows.ts';
import type { OpenTestDatabase, TestDatabase } from './temp-database.ts';

/** The tenant that the tests use; it starts empty. */
export const MINE = 'tenant-1';
/** A tenant with a row of every kind, with the same ids as in the tests. */
export const THEIRS = 'tenant-2';

/**
 * Opens a database before each test and closes it after. The other tenant's rows, with the same ids, are there from the
 * start and must be unchanged at the end.
 */
export function useTwoTenants(open: OpenTestDatabase): { readonly db: Database } {
  let opened: TestDatabase | undefined;
  let before: unknown;
  const database = (): Database => {
    if (opened === undefined) throw new Error('The database is open inside a test only.');
    return opened.db;
  };
  beforeEach(async () => {
    opened = await open();
    await fill(opened.db);
    before = await dump(opened.db);
  });
  afterEach(async () => {
    const after = await dump(database());
    await opened?.dispose();
    expect(after, "the other tenant's rows").toEqual(before);
  });
  return {
    get db() {
      return database();
    },
  };
}

async function fill(db: Database): Promise<void> {
  const owner = { tenantId: THEIRS };
  await db.transaction(async (tx) => {
    for (const id of [MINE, THEIRS]) await tx.tenants.ensure({ id, name: id, createdAtMs: NOW_MS });
    for (const id of ['conn', 'conn-2']) await tx.connections.insert(connectionRow(THEIRS, id));
    for (const id of ['run-1', 'run-2']) await tx.syncRuns.insert(runRow(THEIRS, id));
    await tx.syncRuns.insert(runRow(THEIRS, 'run-3', { status: 'running' }));
    await tx.syncChanges.put([changeRow(THEIRS, 'run-1', 'vs_1'), changeRow(THEIRS, 'run-2', 'vs_1')]);
    await tx.syncRemovals.insert(THEIRS, 'run-1', 'vector_stores', [{ id: 'vs_1', name: 'theirs' }]);
    for (const takenAtMs of [1, 2, NOW_MS]) {
      await tx.storageSnapshots.put({
        tenantId: THEIRS,
        connectionId: 'conn',
        takenAtMs,
        storeCount: 2,
        fileCount: 2,
        usageBytes: 7,
      });
    }
    await tx.deletions.putPlan({
      tenantId: THEIRS,
      hash: 'plan-1',
      request: '',
      decision: '',
      plan: '',
      createdAtMs: 0,
    });
    await tx.deletions.insert(deletionRow(THEIRS, 'del-1', { planHash: 'plan-1', status: 'running' }));
    await tx.deletions.insert(deletionRow(THEIRS, 'del-0', { status: 'succeeded', finishedAtMs: 0 }));
    await tx.deletionSteps.insert(THEIRS, 'del-1', [stepRow(1), stepRow(2, { connectionId: 'conn-2' }), stepRow(3)]);
    await tx.leases.take({ tenantId: THEIRS, name: 'lease', owner: 'them', expiresAtMs: NOW_MS });
    await tx.vectorStores.insertPrimary({
      tenantId: THEIRS,
      id: 'vs_own',
      name: 'theirs',
      createdAtS: 1,
      nowMs: NOW_MS,
    });
    const options = {
      maxNumResults: 3,
      filters: null,
      ranker: null,
      scoreThreshold: null,
      includeSearchResults: false,
    };
    const times = { createdAtMs: 0, updatedAtMs: 0 };
    await tx.agents.replace(
      THEIRS,
      'agent-1',
      ['vs_1', 'vs_own'].map((id) => ({ vectorStoreId: id, storeName: id, mode: 'required', options, ...times })),
    );
    // Expired long ago: a query that ignores the tenant finds it.
    const expiryPolicy = { kind: 'after_creation', durationS: 60 } as const;
    await tx.vectorStores.edit(THEIRS, 'vs_own', { expiryPolicy }, NOW_MS);
  });
  await mirrorStores(db, owner, [storeRow('vs_1'), storeRow('vs_2')]);
  await mirrorFiles(db, owner, [fileRow('file-1'), fileRow('file-2')]);
  await mirrorAttachments(db, owner, 'vs_1', [attachmentRow('file-1'), attachmentRow('file-2')]);
}

async function dump({ read }: Database): Promise<unknown> {
  const tenantId = THEIRS;
  const everything = { tenantId, after: undefined, limit: 100, connectionId: undefined, status: undefined };
  return {
    connections: await read.connections.list(tenantId),
    stores: await read.vectorStoreList.list({ ...everything, filter: {}, sort: 'createdAt', order: 'asc' }),
    files: await read.fileList.list({
      ...everything,
      purpose: undefined,
      text: undefined,
      isOrphan: undefined,
      orphanCreatedBeforeS: 0,
      sort: 'createdAt',
      order: 'asc',
    }),
    attachments: await read.attachments.listOfStore({ ...everything, storeId: 'vs_1', text: undefined }),
    runs: await read.syncRuns.list(everything),
    changes: await read.syncChanges.listOfRun({ ...everything, runId: 'run-1', action: undefined }),
    removals: await read.syncRemovals.list(tenantId, 'run-1', 'vector_stores', 100),
    snapshots: await read.storageSnapshots.list(tenantId),
    plan: await read.deletions.findPlan(tenantId, 'plan-1'),
    deletions: await read.deletions.list(everything),
    steps: await read.deletionSteps.list({ tenantId, deletionId: 'del-1', state: undefined, afterSeq: 0, limit: 9 }),
    lease: await read.leases.find(tenantId, 'lease'),
    agent: await read.agents.find(tenantId, 'agent-1'),
    known: [
      await read.mirrorStores.listKnown(tenantId, 'conn'),
      await read.attachments.listKnown(tenantId, 'vs_1'),
      await read.files.findKnown(tenantId, 'conn', ['file-1', 'file-2']),
    ],
  };
}
