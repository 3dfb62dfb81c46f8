import { asSystem } from '@espejo/core';
import type { ConnectionRow } from '@espejo/db';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Config } from '../../config.ts';
import { type ApiHarness, createApiHarness, NOW_MS, TENANT } from '../../testing/api-harness.ts';
import { keyContext } from './connection-key.ts';
import { createConnection } from './create-connection.ts';
import { ensureDefaultConnections } from './ensure-default-connections.ts';

const CONFIG: Config = {
  host: '127.0.0.1',
  port: 0,
  dataDir: '/nowhere',
  secret: 'x'.repeat(16),
  apiKey: null,
  consoleToken: null,
  publicHost: null,
  trustedProxies: 0,
  corsOrigins: [],
  publicUrl: 'http://localhost:3000',
  oidc: null,
  upstream: null,
  isPrivateUpstreamAllowed: false,
  syncCron: '0 * * * *',
  isSyncEnabled: true,
  removalGraceS: 60,
  expiry: { warnAheadS: 0, expiredRetentionMs: 0, trashRetentionMs: 0 },
  embeddings: null,
  recognition: null,
  parsing: { timeoutMs: 20_000, memoryMb: 640 },
  tracing: null,
  logLevel: 'info',
};
const ENVIRONMENT: NonNullable<Config['upstream']> = {
  baseUrl: 'https://api.openai.com/v1/',
  apiKey: 'sk-env',
  organization: null,
  project: null,
};

async function boot(harness: ApiHarness, upstream: Config['upstream'], config: Partial<Config> = {}) {
  const { deps, db } = harness;
  const booted = await ensureDefaultConnections({
    ...deps,
    config: { ...CONFIG, ...config, upstream },
    tenantId: TENANT,
  });
  onTestFinished(() => booted.close());
  const rows = new Map((await db.read.connections.list(TENANT)).map((row) => [row.id, row]));
  return { booted, rows };
}

function keyOf({ deps }: ApiHarness, row: ConnectionRow | undefined): string | null {
  return row?.apiKeyCipher == null ? null : deps.secrets.open(row.apiKeyCipher, keyContext(TENANT, row.id));
}

describe('default connections at a start', () => {
  it('start the built-in sandbox when the environment names no server', async () => {
    const harness = await createApiHarness();
    const { booted, rows } = await boot(harness, null);
    expect([...rows.keys()]).toEqual(['sandbox']);
    expect(rows.get('sandbox')).toMatchObject({
      kind: 'sandbox',
      origin: 'built_in',
      isEnabled: true,
      removalGraceS: 60,
      syncCron: '0 * * * *',
    });
    const response = await fetch(`${booted.sandboxUrl('unused')}/vector_stores`, {
      headers: { authorization: 'Bearer any' },
    });
    expect((await response.json()) as object).toMatchObject({
      object: 'list',
      data: expect.arrayContaining([expect.anything()]),
    });
  });

  it('give the sandbox the same sample data at another address', async () => {
    const harness = await createApiHarness();
    const idsAt = async (url: string) => {
      const response = await fetch(`${url}/vector_stores?limit=100`, { headers: { authorization: 'Bearer any' } });
      return ((await response.json()) as { data: { id: string }[] }).data.map((store) => store.id).sort();
    };
    const first = await boot(harness, null);
    const ids = await idsAt(first.booted.sandboxUrl(''));
    harness.setNow(NOW_MS + 86_400_000);
    const second = await boot(harness, null);
    expect(second.rows.get('sandbox')?.baseUrl).not.toBe(first.rows.get('sandbox')?.baseUrl);
    expect(await idsAt(second.booted.sandboxUrl(''))).toEqual(ids);
  });

  it('use the server of the environment, without the sandbox', async () => {
    const harness = await createApiHarness();
    const { booted, rows } = await boot(harness, ENVIRONMENT);
    expect([...rows.keys()]).toEqual(['default']);
    expect(rows.get('default')).toMatchObject({
      origin: 'environment',
      kind: 'openai',
      baseUrl: 'https://api.openai.com/v1',
      removalGraceS: 60,
    });
    expect(keyOf(harness, rows.get('default'))).toBe('sk-env');
    expect(booted.sandboxUrl('http://as-it-is')).toBe('http://as-it-is');
  });

  it('start no sandbox beside a connection added in the console', async () => {
    const harness = await createApiHarness();
    const { id } = await createConnection(harness.deps, {
      by: asSystem(TENANT, 'tester'),
      name: 'Mine',
      ...ENVIRONMENT,
      isSyncEnabled: true,
    });
    expect([...(await boot(harness, null)).rows.keys()]).toEqual([id]);
  });
});

describe('default connections from one start to the next', () => {
  it('remove the sandbox with all its rows when a real server is configured', async () => {
    const harness = await createApiHarness();
    await boot(harness, null);
    expect([...(await boot(harness, ENVIRONMENT)).rows.keys()]).toEqual(['default']);
  });

  it('keep what was set in the console, and set again what the environment sets', async () => {
    const harness = await createApiHarness();
    await boot(harness, ENVIRONMENT);
    await harness.db.transaction((tx) =>
      tx.connections.update(TENANT, 'default', {
        name: 'Mine',
        syncCron: '1 * * * *',
        isEnabled: false,
        approvedRunId: 'run_1',
        healthStatus: 'ok',
      }),
    );
    const { rows } = await boot(harness, ENVIRONMENT, { removalGraceS: 5 });
    expect(rows.get('default')).toMatchObject({
      name: 'Mine',
      syncCron: '1 * * * *',
      isEnabled: false,
      removalGraceS: 5,
      approvedRunId: 'run_1',
      healthStatus: 'ok',
    });
  });

  it.each<[string, Partial<NonNullable<Config['upstream']>>]>([
    ['key', { apiKey: 'sk-other' }],
    ['base URL', { baseUrl: 'http://elsewhere/v1' }],
    ['project', { project: 'proj_2' }],
    ['organization', { organization: 'org-2' }],
  ])('reset approval and health when the %s changes', async (_, change) => {
    const harness = await createApiHarness();
    await boot(harness, ENVIRONMENT);
    await harness.db.transaction((tx) =>
      tx.connections.update(TENANT, 'default', { approvedRunId: 'run_1', healthStatus: 'ok', seenProject: 'proj_1' }),
    );
    const { rows } = await boot(harness, { ...ENVIRONMENT, ...change });
    expect(rows.get('default')).toMatchObject({ approvedRunId: null, healthStatus: 'unknown', seenProject: 'proj_1' });
    expect(keyOf(harness, rows.get('default'))).toBe(change.apiKey ?? 'sk-env');
  });

  it('forget the key and disable the connection without a server, and restore it with one', async () => {
    const harness = await createApiHarness();
    await boot(harness, ENVIRONMENT);
    const without = await boot(harness, null);
    expect([...without.rows.keys()]).toEqual(['default']);
    expect(without.rows.get('default')).toMatchObject({
      origin: 'console',
      apiKeyCipher: null,
      apiKeyFingerprint: null,
      isEnabled: false,
    });
    expect(without.rows.get('default')?.healthMessage).toMatch(/OPENAI_API_KEY/);
    // A second start without it changes nothing: a key entered since then stays.
    await harness.db.transaction((tx) =>
      tx.connections.update(TENANT, 'default', { isEnabled: true, healthMessage: null }),
    );
    expect((await boot(harness, null)).rows.get('default')).toMatchObject({ isEnabled: true, healthMessage: null });
    const again = await boot(harness, ENVIRONMENT);
    expect(again.rows.get('default')).toMatchObject({
      origin: 'environment',
      isEnabled: true,
      healthStatus: 'unknown',
      healthMessage: null,
    });
    expect(keyOf(harness, again.rows.get('default'))).toBe('sk-env');
  });

  it('start the sandbox again after the last connection was deleted', async () => {
    const harness = await createApiHarness();
    await boot(harness, null);
    await harness.db.transaction((tx) => tx.connections.remove(TENANT, 'sandbox'));
    expect([...(await boot(harness, null)).rows.keys()]).toEqual(['sandbox']);
  });
});
