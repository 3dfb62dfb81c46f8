import { asSystem } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { addConnection, connectionRow } from '../../testing/add-connection.ts';
import { createApiHarness, NOW_MS, NOW_S, TENANT } from '../../testing/api-harness.ts';
import { keyContext } from './connection-key.ts';
import { deleteConnection } from './delete-connection.ts';
import { getConnection, listConnections } from './get-connection.ts';
import { testConnection } from './test-connection.ts';
import { updateConnection } from './update-connection.ts';

describe('creating a connection', () => {
  it('encrypts the key, bound to its row, and returns everything but the key', async () => {
    const harness = await createApiHarness();
    const connection = await addConnection(harness);
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
    const row = await connectionRow(harness, connection.id);
    expect(JSON.stringify(row)).not.toContain('sk-first');
    expect(harness.deps.secrets.open(row.apiKeyCipher ?? '', keyContext(TENANT, row.id))).toBe('sk-first');
    expect(() => harness.deps.secrets.open(row.apiKeyCipher ?? '', keyContext(TENANT, 'conn_other'))).toThrow();
    expect(harness.log.join('\n')).not.toContain('sk-first');
    expect(harness.schedule.has(row.id)).toBe(true);
  });

  it('makes the connection visible to its own tenant only', async () => {
    const harness = await createApiHarness();
    await harness.db.transaction((tx) => tx.tenants.ensure({ id: 'tenant-b', name: 'B', createdAtMs: NOW_MS }));
    const { id } = await addConnection(harness);
    // The same key in another tenant is no duplicate, and neither tenant sees the other's.
    await addConnection(harness, { by: asSystem('tenant-b', 'tester') });
    for (const verb of [getConnection, deleteConnection, updateConnection, testConnection]) {
      await expect(
        verb(harness.deps, { tenantId: 'tenant-b', by: asSystem('tenant-b', 'tester'), id }),
      ).rejects.toMatchObject({
        code: 'connection_not_found',
      });
    }
    expect((await listConnections(harness.deps, { tenantId: 'tenant-b' })).data).toHaveLength(1);
  });

  it('rejects a duplicate before anything is written', async () => {
    const harness = await createApiHarness();
    await addConnection(harness);
    await expect(addConnection(harness, { name: 'Other', baseUrl: 'https://API.openai.com/v1' })).rejects.toMatchObject(
      {
        code: 'connection_duplicate',
        message: expect.stringContaining("'Production'"),
      },
    );
    // Another key, base URL or project is another connection.
    for (const other of [
      { apiKey: 'sk-2' },
      { baseUrl: 'http://host/v1' },
      { project: 'proj_2' },
      { organization: 'org-2' },
    ]) {
      await addConnection(harness, other);
    }
    expect((await listConnections(harness.deps, { tenantId: TENANT })).data).toHaveLength(5);
  });

  it('rejects a malformed cron expression or base URL before anything is written', async () => {
    const harness = await createApiHarness();
    await expect(addConnection(harness, { syncCron: 'soon' })).rejects.toMatchObject({ code: 'invalid_cron' });
    await expect(addConnection(harness, { baseUrl: 'http://a:b@c' })).rejects.toMatchObject({
      code: 'invalid_base_url',
    });
    expect((await listConnections(harness.deps, { tenantId: TENANT })).data).toEqual([]);
    expect(harness.schedule.size).toBe(0);
  });
});
