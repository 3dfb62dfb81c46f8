import { asSystem } from '@espejo/core';
import { UpstreamError } from '@espejo/upstream';
import { describe, expect, it } from 'vitest';
import { addConnection } from '../../testing/add-connection.ts';
import { createApiHarness, NOW_S, TENANT } from '../../testing/api-harness.ts';
import { getConnection } from './get-connection.ts';
import { testConnection, testNewConnection } from './test-connection.ts';

describe('testing a connection', () => {
  it('uses a new adapter for settings that are not saved: no retries, and a short timeout', async () => {
    const harness = await createApiHarness();
    harness.upstream.setScope({ organization: 'org-1', project: 'proj_1' });
    const result = await testNewConnection(harness.deps, {
      by: asSystem(TENANT, 'tester'),
      baseUrl: 'http://host/v1/',
      apiKey: 'sk-x',
      organization: null,
      project: 'p',
    });
    expect(result).toEqual({
      ok: true,
      code: null,
      message: expect.any(String),
      permissions: [
        { permission: 'read_vector_stores', state: 'allowed', message: null },
        { permission: 'read_files', state: 'allowed', message: null },
        { permission: 'write', state: 'unknown', message: expect.stringMatching(/Not tried/) },
      ],
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
  ] as const)(
    'returns that a place is %s as a result, and saves it as the health of a saved connection',
    async (kind, code, health) => {
      const harness = await createApiHarness();
      const { id } = await addConnection(harness);
      harness.upstream.failOn({ operation: 'check' }, kind);
      const result = await testConnection(harness.deps, { by: asSystem(TENANT, 'tester'), id });
      expect(result).toMatchObject({ ok: false, code, organization: null, project: null });
      expect((await getConnection(harness.deps, { tenantId: TENANT, id })).health).toEqual({
        status: health,
        message: result.message,
        checkedAt: NOW_S,
      });
      await testConnection(harness.deps, { by: asSystem(TENANT, 'tester'), id });
      expect((await getConnection(harness.deps, { tenantId: TENANT, id })).health).toEqual({
        status: 'ok',
        message: null,
        checkedAt: NOW_S,
      });
    },
  );

  it('fails for a key that may read stores but not files, and says what it may read', async () => {
    const harness = await createApiHarness();
    const { id } = await addConnection(harness);
    harness.upstream.failOn({ operation: 'checkFiles' }, new UpstreamError('forbidden', 'No scope api.files.read.'));
    const result = await testConnection(harness.deps, { by: asSystem(TENANT, 'tester'), id });
    expect(result).toMatchObject({
      ok: false,
      code: 'upstream_forbidden',
      message: 'Vector stores can be read, files cannot. No scope api.files.read.',
    });
    expect(result.permissions.map(({ state }) => state)).toEqual(['allowed', 'refused', 'unknown']);
    expect((await getConnection(harness.deps, { tenantId: TENANT, id })).health.status).toBe('forbidden');
  });

  it('reports a key that may read files but not stores, and sends a silent server one request', async () => {
    const harness = await createApiHarness();
    const { id } = await addConnection(harness);
    const statesAfter = async (kind: 'forbidden' | 'unavailable') => {
      harness.upstream.failOn({ operation: 'check' }, kind);
      const { permissions } = await testConnection(harness.deps, { by: asSystem(TENANT, 'tester'), id });
      return permissions.map(({ state }) => state);
    };
    expect(await statesAfter('forbidden')).toEqual(['refused', 'allowed', 'unknown']);
    const before = harness.upstream.calls.length;
    expect(await statesAfter('unavailable')).toEqual(['unknown', 'unknown', 'unknown']);
    expect(harness.upstream.calls.length - before).toBe(1);
  });

  it('hides the details of an unexpected error', async () => {
    const harness = await createApiHarness();
    const broken = {
      ...harness.deps,
      createUpstream: () => ({
        ...harness.upstream,
        check: () => Promise.reject(new TypeError('x is undefined at /src/y.ts')),
      }),
    };
    const result = await testNewConnection(broken, {
      by: asSystem(TENANT, 'tester'),
      baseUrl: 'http://host/v1',
      apiKey: 'k',
      organization: null,
      project: null,
    });
    expect(result).toMatchObject({ ok: false, code: 'internal' });
    expect(result.message).not.toMatch(/undefined|\.ts/);
  });

  it('does not end a pending review: only a user does', async () => {
    const harness = await createApiHarness();
    const { id } = await addConnection(harness);
    await harness.db.transaction((tx) =>
      tx.connections.update(TENANT, id, { healthStatus: 'needs_review', healthMessage: 'why' }),
    );
    expect((await testConnection(harness.deps, { by: asSystem(TENANT, 'tester'), id })).ok).toBe(true);
    expect((await getConnection(harness.deps, { tenantId: TENANT, id })).health).toMatchObject({
      status: 'needs_review',
      message: 'why',
    });
  });

  it('rejects a base URL that could not be saved', async () => {
    const { deps } = await createApiHarness();
    const input = {
      by: asSystem(TENANT, 'tester'),
      baseUrl: 'http://a:b@c/v1',
      apiKey: 'k',
      organization: null,
      project: null,
    };
    await expect(testNewConnection(deps, input)).rejects.toMatchObject({ code: 'invalid_base_url' });
  });
});
