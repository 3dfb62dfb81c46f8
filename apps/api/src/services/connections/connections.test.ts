import { describe, expect, it } from 'vitest';
import { type ApiHarness, createApiHarness, NOW_MS, NOW_S, TENANT } from '../../testing/api-harness.ts';
import { RunStopped } from '../sync/sync-deps.ts';
import { keyContext } from './connection-deps.ts';
import type { CreateConnectionInput } from './create-connection.ts';
import { createConnection } from './create-connection.ts';
import { deleteConnection } from './delete-connection.ts';
import { getConnection, listConnections } from './get-connection.ts';
import { testConnection, testNewConnection } from './test-connection.ts';
import { updateConnection } from './update-connection.ts';

const INPUT: CreateConnectionInput = {
  tenantId: TENANT,
  name: 'Production',
  baseUrl: 'https://api.openai.com/v1/',
  apiKey: 'sk-first',
  organization: '',
  project: 'proj_1',
  isSyncEnabled: true,
};

const create = (harness: ApiHarness, input: Partial<CreateConnectionInput> = {}) =>
  createConnection(harness.deps, { ...INPUT, ...input });
async function rowOf({ db }: ApiHarness, id: string) {
  const row = await db.read.connections.find(TENANT, id);
  if (row === undefined) throw new Error(`There is no connection ${id}.`);
  return row;
}

describe('creating', () => {
  it('keeps the key sealed to its row, and shows everything but the key', async () => {
    const harness = await createApiHarness();
    const connection = await create(harness);
    expect(connection).toEqual({
      id: expect.stringMatching(/^conn_[0-9a-f]{24}$/),
      name: 'Production',
      kind: 'openai',
      origin: 'console',
      baseUrl: 'https://api.openai.com/v1',
      organization: null,
      project: 'proj_1',
      hasApiKey: true,
      isEnabled: true,
      syncCron: '*/5 * * * *',
      isSyncEnabled: true,
      nextTicks: expect.any(Array),
      removalGraceSeconds: 3600,
      concurrency: 8,
      health: { status: 'unknown', message: null, checkedAt: null },
      storeCount: 0,
      fileCount: 0,
      usageBytes: 0,
      lastCompleteSyncAt: null,
      activeRunId: null,
      createdAt: NOW_S,
    });
    const row = await rowOf(harness, connection.id);
    expect(JSON.stringify(row)).not.toContain('sk-first');
    expect(harness.deps.secrets.open(row.apiKeyCipher ?? '', keyContext(TENANT, row.id))).toBe('sk-first');
    expect(() => harness.deps.secrets.open(row.apiKeyCipher ?? '', keyContext(TENANT, 'conn_other'))).toThrow();
    expect(harness.log.join('\n')).not.toContain('sk-first');
    expect(harness.schedule.has(row.id)).toBe(true);
  });

  it('belongs to one tenant', async () => {
    const harness = await createApiHarness();
    await harness.db.transaction((tx) => tx.tenants.ensure({ id: 'tenant-b', name: 'B', createdAtMs: NOW_MS }));
    const { id } = await create(harness);
    // The same key in another tenant is no duplicate, and neither sees the other's.
    await create(harness, { tenantId: 'tenant-b' });
    for (const verb of [getConnection, deleteConnection, updateConnection, testConnection]) {
      await expect(verb(harness.deps, { tenantId: 'tenant-b', id })).rejects.toMatchObject({
        code: 'connection_not_found',
      });
    }
    expect((await listConnections(harness.deps, { tenantId: 'tenant-b' })).data).toHaveLength(1);
  });

  it('refuses a twin, before anything is written', async () => {
    const harness = await createApiHarness();
    await create(harness);
    await expect(create(harness, { name: 'Other', baseUrl: 'https://API.openai.com/v1' })).rejects.toMatchObject({
      code: 'connection_duplicate',
      message: expect.stringContaining("'Production'"),
    });
    // Another key, place or project is another connection.
    for (const other of [
      { apiKey: 'sk-2' },
      { baseUrl: 'http://host/v1' },
      { project: 'proj_2' },
      { organization: 'org-2' },
    ]) {
      await create(harness, other);
    }
    expect((await listConnections(harness.deps, { tenantId: TENANT })).data).toHaveLength(5);
  });

  it('refuses a malformed cron and base URL, before anything is written', async () => {
    const harness = await createApiHarness();
    await expect(create(harness, { syncCron: 'soon' })).rejects.toMatchObject({ code: 'invalid_cron' });
    await expect(create(harness, { baseUrl: 'http://a:b@c' })).rejects.toMatchObject({ code: 'invalid_base_url' });
    expect((await listConnections(harness.deps, { tenantId: TENANT })).data).toEqual([]);
    expect(harness.schedule.size).toBe(0);
  });
});

describe('editing', () => {
  it('changes what is given and keeps the rest, the key too', async () => {
    const harness = await createApiHarness();
    const before = await create(harness);
    const after = await updateConnection(harness.deps, {
      tenantId: TENANT,
      id: before.id,
      name: 'Renamed',
      syncCron: '0 * * * *',
      removalGraceSeconds: 0,
      concurrency: 2,
    });
    expect(after).toEqual({
      ...before,
      name: 'Renamed',
      syncCron: '0 * * * *',
      nextTicks: expect.any(Array),
      removalGraceSeconds: 0,
      concurrency: 2,
    });
    expect(after.nextTicks[0]).toBeDefined();
    expect(harness.schedule.get(before.id)?.syncCron).toBe('0 * * * *');
    expect(
      harness.deps.secrets.open((await rowOf(harness, before.id)).apiKeyCipher ?? '', keyContext(TENANT, before.id)),
    ).toBe('sk-first');
  });

  it('null and the empty text clear; what is left out stays', async () => {
    const harness = await createApiHarness();
    const { id } = await create(harness, { organization: 'org-1' });
    expect(await updateConnection(harness.deps, { tenantId: TENANT, id, project: null })).toMatchObject({
      organization: 'org-1',
      project: null,
    });
    expect(await updateConnection(harness.deps, { tenantId: TENANT, id, organization: '' })).toMatchObject({
      organization: null,
    });
  });

  it.each([
    ['a key', { apiKey: 'sk-new' }],
    ['a place', { baseUrl: 'http://elsewhere/v1' }],
    ['a project', { project: 'proj_9' }],
    ['an organization', { organization: 'org-9' }],
  ])(
    '%s of another kind: health and approval of the old one say nothing of the new, and its run is stopped',
    async (_, edit) => {
      const harness = await createApiHarness();
      const { id } = await create(harness);
      await harness.db.transaction((tx) =>
        tx.connections.update(TENANT, id, {
          approvedRunId: 'run_1',
          healthStatus: 'ok',
          healthMessage: 'm',
          seenProject: 'proj_1',
        }),
      );
      const run = harness.pretendRun(id);
      const others = harness.pretendRun('conn_other');
      const after = await updateConnection(harness.deps, { tenantId: TENANT, id, ...edit });
      expect(after).toMatchObject({ health: { status: 'unknown', message: null }, activeRunId: null });
      expect(run.controller.signal.reason).toBeInstanceOf(RunStopped);
      expect(others.controller.signal.aborted).toBe(false);
      // Whose data the mirror was made from is not forgotten: the next sync compares it.
      expect(await rowOf(harness, id)).toMatchObject({ approvedRunId: null, seenProject: 'proj_1' });
    },
  );

  it('a name or a schedule disturbs no run', async () => {
    const harness = await createApiHarness();
    const { id } = await create(harness);
    const run = harness.pretendRun(id);
    await updateConnection(harness.deps, {
      tenantId: TENANT,
      id,
      name: 'x',
      syncCron: '1 * * * *',
      isSyncEnabled: false,
    });
    expect(run.controller.signal.aborted).toBe(false);
    expect(harness.schedule.has(id)).toBe(false);
  });

  it('disabling takes it off the schedule and stops its run', async () => {
    const harness = await createApiHarness();
    const { id } = await create(harness);
    const run = harness.pretendRun(id);
    expect(await updateConnection(harness.deps, { tenantId: TENANT, id, isEnabled: false })).toMatchObject({
      isEnabled: false,
      nextTicks: [],
    });
    expect(run.controller.signal.aborted).toBe(true);
    expect(harness.schedule.has(id)).toBe(false);
  });

  it('cannot make a twin', async () => {
    const harness = await createApiHarness();
    await create(harness);
    const { id } = await create(harness, { apiKey: 'sk-2' });
    await expect(updateConnection(harness.deps, { tenantId: TENANT, id, apiKey: 'sk-first' })).rejects.toMatchObject({
      code: 'connection_duplicate',
    });
    expect(harness.deps.secrets.open((await rowOf(harness, id)).apiKeyCipher ?? '', keyContext(TENANT, id))).toBe(
      'sk-2',
    );
  });
});

describe('deleting', () => {
  it('stops its run first, then forgets the connection and takes its lease', async () => {
    const harness = await createApiHarness();
    const { id } = await create(harness);
    const lease = await harness.db.transaction((tx) =>
      tx.leases.take({ tenantId: TENANT, name: `sync:${id}`, owner: 'elsewhere', expiresAtMs: NOW_MS + 9e9 }),
    );
    const run = harness.pretendRun(id);
    await deleteConnection(harness.deps, { tenantId: TENANT, id });
    expect(run.controller.signal.aborted).toBe(true);
    expect(harness.schedule.has(id)).toBe(false);
    await expect(getConnection(harness.deps, { tenantId: TENANT, id })).rejects.toMatchObject({
      code: 'connection_not_found',
    });
    // A run of another process is a zombie from here on: its writes fail.
    await expect(harness.db.transaction((tx) => tx.leases.assertHeld(lease))).rejects.toMatchObject({
      code: 'lease_lost',
    });
  });
});

describe('testing', () => {
  it('asks a fresh adapter for settings that are not saved: no retries, and a short time', async () => {
    const harness = await createApiHarness();
    harness.upstream.setScope({ organization: 'org-1', project: 'proj_1' });
    const result = await testNewConnection(harness.deps, {
      baseUrl: 'http://host/v1/',
      apiKey: 'sk-x',
      organization: null,
      project: 'p',
    });
    expect(result).toEqual({
      ok: true,
      code: null,
      message: expect.any(String),
      latencyMs: 0,
      organization: 'org-1',
      project: 'proj_1',
    });
    expect(harness.createdUpstreams).toEqual([
      { baseUrl: 'http://host/v1', apiKey: 'sk-x', organization: null, project: 'p', retryMax: 0, timeoutMs: 15_000 },
    ]);
  });

  it.each([
    ['unauthorized', 'upstream_unauthorized', 'unauthorized'],
    ['forbidden', 'upstream_forbidden', 'forbidden'],
    ['rate_limited', 'upstream_rate_limited', 'rate_limited'],
    ['unavailable', 'upstream_unavailable', 'unavailable'],
    ['malformed', 'upstream_malformed', 'malformed'],
    ['gone', 'upstream_gone', 'malformed'],
  ] as const)('a place that is %s is an answer, and the health of a saved one', async (kind, code, health) => {
    const harness = await createApiHarness();
    const { id } = await create(harness);
    harness.upstream.failOn({ operation: 'check' }, kind);
    const result = await testConnection(harness.deps, { tenantId: TENANT, id });
    expect(result).toMatchObject({ ok: false, code, organization: null, project: null });
    expect((await getConnection(harness.deps, { tenantId: TENANT, id })).health).toEqual({
      status: health,
      message: result.message,
      checkedAt: NOW_S,
    });
    await testConnection(harness.deps, { tenantId: TENANT, id });
    expect((await getConnection(harness.deps, { tenantId: TENANT, id })).health).toEqual({
      status: 'ok',
      message: null,
      checkedAt: NOW_S,
    });
  });

  it('a failure nobody thought of tells nothing of its inside', async () => {
    const harness = await createApiHarness();
    harness.deps.createUpstream({ baseUrl: 'x', apiKey: 'x' });
    const broken = {
      ...harness.deps,
      createUpstream: () => ({
        ...harness.upstream,
        check: () => Promise.reject(new TypeError('x is undefined at /src/y.ts')),
      }),
    };
    const result = await testNewConnection(broken, {
      baseUrl: 'http://host/v1',
      apiKey: 'k',
      organization: null,
      project: null,
    });
    expect(result).toMatchObject({ ok: false, code: 'internal' });
    expect(result.message).not.toMatch(/undefined|\.ts/);
  });

  it('a good ping answers no review: a person does', async () => {
    const harness = await createApiHarness();
    const { id } = await create(harness);
    await harness.db.transaction((tx) =>
      tx.connections.update(TENANT, id, { healthStatus: 'needs_review', healthMessage: 'why' }),
    );
    expect((await testConnection(harness.deps, { tenantId: TENANT, id })).ok).toBe(true);
    expect((await getConnection(harness.deps, { tenantId: TENANT, id })).health).toMatchObject({
      status: 'needs_review',
      message: 'why',
    });
  });

  it('refuses a base URL it would not save', async () => {
    const { deps } = await createApiHarness();
    const input = { baseUrl: 'http://a:b@c/v1', apiKey: 'k', organization: null, project: null };
    await expect(testNewConnection(deps, input)).rejects.toMatchObject({ code: 'invalid_base_url' });
  });
});
