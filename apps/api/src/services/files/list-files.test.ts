import type { ListFilesQuery } from '@espejo/contracts';
import { asSystem } from '@espejo/core';
import type { Repositories } from '@espejo/db';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ApiHarness, createApiHarness, NOW_MS, NOW_S, TENANT } from '../../testing/api-harness.ts';
import { createConnection } from '../connections/create-connection.ts';
import { countOrphans, getFile, listFiles } from './list-files.ts';

const OLD_S = NOW_S - 7200;
const QUERY: ListFilesQuery = { limit: 50, sort: 'filename', order: 'asc' };

let harness: ApiHarness;
let a: string;
let b: string;

beforeEach(async () => {
  harness = await createApiHarness();
  a = await connect('sk-a');
  b = await connect('sk-b');
  await mirror(a, (tx) =>
    tx.files.upsert(
      TENANT,
      a,
      [file('a-orphan'), file('a-user', 'user_data'), file('a-fresh', 'assistants', NOW_S - 10)],
      NOW_MS,
    ),
  );
  await mirror(b, (tx) => tx.files.upsert(TENANT, b, [file('b-orphan')], NOW_MS));
});

async function connect(apiKey: string): Promise<string> {
  const input = {
    by: asSystem(TENANT, 'tester'),
    name: apiKey,
    baseUrl: 'http://host/v1',
    apiKey,
    organization: null,
    project: null,
    isSyncEnabled: false,
  };
  return (await createConnection(harness.deps, input)).id;
}

async function mirror(connectionId: string, work: (tx: Repositories) => Promise<void>): Promise<void> {
  await harness.db.transaction(async (tx) => {
    await tx.mirrorPermits.grant(TENANT, connectionId);
    await work(tx);
    await tx.mirrorPermits.revoke();
  });
}

function file(id: string, purpose = 'assistants', createdAt = OLD_S) {
  return {
    hash: id,
    snapshot: {
      id,
      filename: `${id}.txt`,
      bytes: 10,
      purpose,
      status: 'processed',
      createdAt,
      expiresAt: null,
      extra: null,
    },
  };
}

const markListed = (connectionId: string) =>
  harness.db.transaction((tx) =>
    tx.connections.update(TENANT, connectionId, { storesListedAtMs: NOW_MS, filesListedAtMs: NOW_MS }),
  );
const list = (query: Partial<ListFilesQuery> = {}) =>
  listFiles(harness.deps, { tenantId: TENANT, query: { ...QUERY, ...query } });
const marks = async () => Object.fromEntries((await list()).data.map((row) => [row.id, row.orphan]));
const ids = async (orphan: boolean) => (await list({ orphan })).data.map((row) => row.id);

describe('orphans', () => {
  it('do not exist while no listing was complete', async () => {
    expect(await marks()).toEqual({
      'a-orphan': 'unknown',
      'a-fresh': 'unknown',
      'a-user': 'not_applicable',
      'b-orphan': 'unknown',
    });
    expect(await list()).toMatchObject({ orphanCount: 0, orphanBytes: 0, isOrphanReportComplete: false, asOf: null });
    expect(await ids(true)).toEqual([]);
    expect(await ids(false)).toHaveLength(4);
  });

  it('exist only for connections whose listings are all complete', async () => {
    await markListed(a);
    expect(await marks()).toEqual({
      'a-orphan': 'yes',
      'a-fresh': 'too_fresh',
      'a-user': 'not_applicable',
      'b-orphan': 'unknown',
    });
    expect(await ids(true)).toEqual(['a-orphan']);
    expect(await ids(false)).toEqual(['a-fresh', 'a-user', 'b-orphan']);
    expect(await list({ orphan: true })).toMatchObject({
      total: 1,
      orphanCount: 1,
      orphanBytes: 10,
      isOrphanReportComplete: false,
    });
    expect(await countOrphans(harness.deps, TENANT)).toBe(1);
    await markListed(b);
    expect(await ids(true)).toEqual(['a-orphan', 'b-orphan']);
    expect(await list()).toMatchObject({ orphanCount: 2, isOrphanReportComplete: true, asOf: NOW_S });
  });

  it('match the stored marks row by row', async () => {
    await markListed(a);
    const rows = (await list()).data;
    expect(await ids(true)).toEqual(rows.filter((row) => row.orphan === 'yes').map((row) => row.id));
    expect(await ids(false)).toEqual(rows.filter((row) => row.orphan !== 'yes').map((row) => row.id));
  });

  it('appear after their grace period, once the stores were listed completely after it', async () => {
    await markListed(a);
    const laterMs = NOW_MS + 3_600_000;
    harness.setNow(laterMs);
    expect((await marks())['a-fresh'], 'it may be in a store created since').toBe('too_fresh');
    await harness.db.transaction((tx) => tx.connections.update(TENANT, a, { storesListedAtMs: laterMs }));
    expect((await marks())['a-fresh']).toBe('yes');
    expect(await ids(true)).toEqual(['a-fresh', 'a-orphan']);
  });

  it('do not include files that are missing upstream', async () => {
    await markListed(a);
    await mirror(a, (tx) => tx.files.markMissing(TENANT, ['a-orphan'], NOW_MS));
    expect((await marks())['a-orphan']).toBe('unknown');
    expect(await ids(true)).toEqual([]);
  });
});

describe('a file', () => {
  it('is found by its own tenant only', async () => {
    expect(await getFile(harness.deps, { tenantId: TENANT, id: 'a-orphan' })).toMatchObject({
      id: 'a-orphan',
      connectionId: a,
      attachedTo: [],
    });
    await expect(getFile(harness.deps, { tenantId: 'tenant-b', id: 'a-orphan' })).rejects.toMatchObject({
      code: 'file_not_found',
    });
    await expect(getFile(harness.deps, { tenantId: TENANT, id: 'none' })).rejects.toMatchObject({
      code: 'file_not_found',
    });
    expect(await listFiles(harness.deps, { tenantId: 'tenant-b', query: QUERY })).toMatchObject({
      data: [],
      total: 0,
      orphanCount: 0,
    });
  });

  it('was confirmed by the last listing of its connection, unless it is missing', async () => {
    await markListed(a);
    const later = NOW_MS + 60_000;
    await harness.db.transaction((tx) => tx.connections.update(TENANT, a, { filesListedAtMs: later }));
    await mirror(a, (tx) => tx.files.markMissing(TENANT, ['a-orphan'], later));
    expect((await getFile(harness.deps, { tenantId: TENANT, id: 'a-user' })).lastSyncedAt).toBe(later / 1000);
    expect(await getFile(harness.deps, { tenantId: TENANT, id: 'a-orphan' })).toMatchObject({
      lastSyncedAt: NOW_S,
      missingSince: later / 1000,
    });
  });
});
