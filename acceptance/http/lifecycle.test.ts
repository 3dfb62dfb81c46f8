import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SyncEvent } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import Sqlite from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectExactMirror } from '../openai-server/compare.ts';
import { type Espejo, runCommand, startEspejo } from '../support/espejo.ts';
import { readEvents } from '../support/events.ts';
import { hold } from '../support/hold.ts';
import { ended, settled, sync, syncOk } from '../support/sync.ts';

const KEYS = { 'sk-project-a': 'proj_a', 'sk-project-b': 'proj_b' };

let sandbox: RunningSandbox;
let dataDir: string;

beforeAll(async () => {
  sandbox = await startSandbox({ keys: KEYS });
  sandbox.seed({ stores: 40, filesPerStore: 4 });
  sandbox.seed({ stores: 6, filesPerStore: 1, seed: 9 }, 'proj_b');
});
afterAll(() => sandbox?.close());
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'espejo-lifecycle-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Extends the end of every lease. */
function extendLeases(folder: string, byMs: number): void {
  const db = new Sqlite(join(folder, 'espejo.db'));
  try {
    const { changes } = db.prepare('update lease set expires_at_ms = expires_at_ms + ?').run(byMs);
    expect(changes).toBeGreaterThan(0);
  } finally {
    db.close();
  }
}
const start = (env: Record<string, string> = {}, isWithoutNpm = false): Promise<Espejo> =>
  startEspejo({ dataDir, isWithoutNpm, env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-project-a', ...env } });
const total = async (espejo: Espejo) => (await espejo.call('listVectorStores', { query: { limit: 1 } })).total;

describe('SIGTERM', () => {
  it('during a sync exits within seconds with code 0, notifies open event streams, and the next start converges', async () => {
    let runId: string;
    {
      await using espejo = await start({ ESPEJO_SYNC_ENABLED: 'false' }, true);
      using held = hold(sandbox, /\/files$/);
      runId = (await espejo.call('startSyncRun', { body: {} })).id;
      await held.reached;
      const events = readEvents(espejo, runId);
      expect((await events.next()).value?.event.type).toBe('progress');
      expect(await espejo.stop()).toBe(0);
      let last: SyncEvent | undefined;
      for await (const { event } of events) last = event;
      expect(last).toMatchObject({
        type: 'end',
        data: { status: 'failed', error: { code: 'interrupted' } },
      });
      await expect(fetch(`${espejo.url}/healthz`)).rejects.toThrow();
      expect(espejo.log).not.toMatch(/"level":(50|60)|unhandled|uncaught/i);
    }
    await using again = await start();
    const run = await settled(again);
    expect(run).toMatchObject({ status: 'succeeded' });
    expect(run.id).not.toBe(runId);
    expect(await again.call('getSyncRun', { params: { id: runId } })).toMatchObject({
      status: 'failed',
      error: { code: 'interrupted' },
    });
    await expectExactMirror(again, sandbox.state.snapshot());
  });
});

describe('kill -9', () => {
  it('during a sync leaves a run that the next start closes at once before it syncs again', async () => {
    let runId: string;
    {
      await using espejo = await start({ ESPEJO_SYNC_ENABLED: 'false' });
      using held = hold(sandbox, /\/files$/);
      runId = (await espejo.call('startSyncRun', { body: {} })).id;
      await held.reached;
      expect(await total(espejo)).toBe(40);
      await espejo.kill();
    }
    // The lease of the dead run now lasts for a day: only a start that detects the dead owner can take it over.
    extendLeases(dataDir, 86_400_000);
    await using again = await start();
    const recovery = await settled(again);
    expect(recovery).toMatchObject({ status: 'succeeded', trigger: 'recovery' });
    expect(await again.call('getSyncRun', { params: { id: runId } })).toMatchObject({
      status: 'failed',
      error: { code: 'interrupted' },
      finishedAt: expect.any(Number),
    });
    await expectExactMirror(again, sandbox.state.snapshot());
  });
});

describe('a restart', () => {
  it('keeps the mirror, its runs and the settings of the console', async () => {
    {
      await using espejo = await start({ ESPEJO_SYNC_ENABLED: 'false' });
      await syncOk(espejo);
      await espejo.call('updateConnection', {
        params: { id: 'default' },
        body: { name: 'Mine', syncCron: '1 2 3 4 *' },
      });
      // The signal goes to npm, not to the process below it.
      await espejo.stop();
      expect(espejo.log).toContain('"msg":"stopping"');
    }
    await using again = await start({ ESPEJO_SYNC_ENABLED: 'false' });
    await expectExactMirror(again, sandbox.state.snapshot());
    expect((await again.call('listSyncRuns', {})).total).toBe(1);
    expect(await again.call('getConnection', { params: { id: 'default' } })).toMatchObject({
      name: 'Mine',
      syncCron: '1 2 3 4 *',
    });
  });

  it('with a key of another project waits for a review and does not empty the mirror', async () => {
    {
      await using espejo = await start();
      await settled(espejo);
      expect(await total(espejo)).toBe(40);
    }
    await using other = await start({ OPENAI_API_KEY: 'sk-project-b' });
    const run = await settled(other);
    expect(run.status).toBe('needs_review');
    expect(run.plan?.reasons.map((reason) => reason.code).sort()).toEqual(['only_unknown_ids', 'project_changed']);
    expect(await total(other)).toBe(40);
    await expectExactMirror(other, sandbox.stateOf('proj_a').snapshot());
    expect((await other.call('getStatus', {})).reviewRunIds).toEqual([run.id]);
    // Repeated requests get the same answer.
    const { id } = await other.call('startSyncRun', { body: { full: true } });
    expect((await ended(other, id)).status).toBe('needs_review');
    expect(await total(other)).toBe(40);
  });

  it('with another, confirmed ESPEJO_SECRET loses the stored keys, requests them again and keeps everything else', async () => {
    const env = { ESPEJO_SYNC_ENABLED: 'false' };
    let id: string;
    {
      await using espejo = await startEspejo({ dataDir, env });
      const body = { name: 'Mine', baseUrl: sandbox.url, apiKey: 'sk-project-a', isSyncEnabled: false };
      ({ id } = await espejo.call('createConnection', { body }));
      await syncOk(espejo, { connectionId: id });
    }
    const otherEnv = { ...env, ESPEJO_SECRET: 'quite another secret, and long enough' };
    await expect(startEspejo({ dataDir, env: otherEnv })).rejects.toThrow(/ESPEJO_SECRET is not the secret/);
    expect(await runCommand('confirm', ['new-secret'], { ESPEJO_DATA_DIR: dataDir })).toMatchObject({ code: 0 });
    await using other = await startEspejo({ dataDir, env: otherEnv });
    const run = await sync(other, { connectionId: id });
    expect(run).toMatchObject({ status: 'failed', error: { code: 'upstream_unauthorized' } });
    expect(run.error?.message).toMatch(/enter it again/i);
    expect(await other.call('testConnection', { params: { id } })).toMatchObject({
      ok: false,
      code: 'upstream_unauthorized',
    });
    expect(await other.call('getConnection', { params: { id } })).toMatchObject({ storeCount: 40, activeRunId: null });
    await other.call('updateConnection', { params: { id }, body: { apiKey: 'sk-project-a' } });
    expect(await syncOk(other, { connectionId: id })).toMatchObject({ plan: { isInSync: true } });
  });

  it('without OPENAI_API_KEY keeps the rows, drops the key and stops syncing until the variable is set again', async () => {
    {
      await using espejo = await start();
      await settled(espejo);
    }
    {
      await using without = await startEspejo({ dataDir });
      const { data } = await without.call('listConnections', {});
      expect(data).toMatchObject([
        { id: 'default', origin: 'console', hasApiKey: false, isEnabled: false, nextTicks: [], storeCount: 40 },
      ]);
      expect(data[0]?.health.message).toMatch(/OPENAI_API_KEY/);
      expect(await total(without)).toBe(40);
      expect((await without.call('listSyncRuns', {})).total).toBe(1);
    }
    await using again = await start();
    expect(await settled(again)).toMatchObject({ status: 'succeeded', trigger: 'startup' });
    expect(await again.call('getConnection', { params: { id: 'default' } })).toMatchObject({
      origin: 'environment',
      isEnabled: true,
      hasApiKey: true,
    });
    await expectExactMirror(again, sandbox.state.snapshot());
  });
});

describe('the built-in sandbox', () => {
  it('is mirrored when no server is configured, is the same after a restart, and is replaced by a configured one', async () => {
    let before: string[];
    {
      await using espejo = await startEspejo({ dataDir });
      expect(await settled(espejo)).toMatchObject({ status: 'succeeded', trigger: 'startup' });
      const { data } = await espejo.call('listConnections', {});
      expect(data).toMatchObject([{ id: 'sandbox', kind: 'sandbox', origin: 'built_in', name: 'Sandbox' }]);
      expect(await espejo.call('getStatus', {})).toMatchObject({ isSandbox: true, connectionCount: 1 });
      before = (await espejo.call('listVectorStores', { query: { limit: 200 } })).data.map((store) => store.id);
      expect(before.length).toBeGreaterThan(5);
      expect((await espejo.call('testConnection', { params: { id: 'sandbox' } })).ok).toBe(true);
    }
    {
      await using again = await startEspejo({ dataDir });
      expect(await settled(again)).toMatchObject({ status: 'succeeded' });
      const after = (await again.call('listVectorStores', { query: { limit: 200 } })).data.map((store) => store.id);
      expect(after).toEqual(before);
    }
    await using real = await start();
    await settled(real);
    expect((await real.call('listConnections', {})).data.map((connection) => connection.id)).toEqual(['default']);
    expect(await real.call('getStatus', {})).toMatchObject({ isSandbox: false, storeCount: 40 });
    await expectExactMirror(real, sandbox.state.snapshot());
  });
});
