import { hostname } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import { runScheduledSync } from '../../jobs/sync.ts';
import { NOTHING_MARKED, selectAll } from '../../testing/mirror-rows.ts';
import {
  CONNECTION_ID,
  createSyncHarness,
  MINUTE_MS,
  type SyncHarness,
  TENANT_ID,
} from '../../testing/sync-harness.ts';
import { isLeaseLive } from '../leases/lease.ts';
import { recoverRuns } from './run/recover-runs.ts';

const ELSEWHERE = 'another-host/4242/boot-x';
const STORES = ({ path }: { path: string }) => path === '/vector_stores';
const FILES = ({ path }: { path: string }) => path === '/files';

async function seeded(options: Parameters<typeof createSyncHarness>[0] = {}): Promise<SyncHarness> {
  const h = await createSyncHarness(options);
  h.sandbox.seed({ stores: 6, filesPerStore: 2, sharedFraction: 0 });
  return h;
}

const leaseOf = (h: SyncHarness) => h.db.read.leases.find(TENANT_ID, `sync:${CONNECTION_ID}`);

describe('row 13: one run per connection at a time (rule 6)', () => {
  it('a second one in the process is rejected with the start time of the first, which goes on', async () => {
    const h = await seeded();
    const pause = h.pauseAt(STORES);
    const first = await h.start();
    await pause.reached;
    await expect(h.start()).rejects.toMatchObject({
      code: 'sync_already_running',
      status: 409,
      message: expect.stringMatching(new RegExp(`since 2026-01-15T09:00:01.000Z .*${first}`)),
    });
    pause.release();
    expect((await h.finish(first)).status).toBe('succeeded');
    expect(h.mirror()).toEqual(h.upstream());
    expect((await h.sync()).status, 'the lease is free again').toBe('succeeded');
  });

  it.each([
    ['on this machine', undefined],
    ['on another machine', ELSEWHERE],
  ])('a second one in another process is rejected, one %s', async (_, owner) => {
    const h = await seeded();
    const other = await h.openProcess(owner === undefined ? {} : { owner });
    // On one machine the process table is read: both must have the pids of running processes.
    const alive = owner === undefined ? await h.openProcess({ owner: `${hostname()}/${process.ppid}/boot-y` }) : other;
    for (const [first, second] of [
      [h, alive],
      [alive, h],
    ] as const) {
      const pause = h.pauseAt(STORES);
      const runId = await first.start();
      await pause.reached;
      await expect(second.start()).rejects.toMatchObject({ code: 'sync_already_running' });
      pause.release();
      expect((await first.finish(runId)).status).toBe('succeeded');
    }
  });

  it('one of ten concurrent requests starts a run', async () => {
    const h = await seeded();
    const other = await h.openProcess({ owner: ELSEWHERE });
    const starts = await Promise.allSettled(Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? h : other).start()));
    expect(starts.filter((start) => start.status === 'fulfilled')).toHaveLength(1);
    await Promise.all([...h.deps.active.values(), ...other.deps.active.values()].map((run) => run.finished));
    expect(h.sandbox.requests.byRoute['GET /vector_stores']).toBe(1);
    expect(selectAll(h.databasePath, 'select count(*) as count from sync_run')).toEqual([{ count: 1 }]);
  });

  it('another connection runs in parallel', async () => {
    const h = await seeded({
      sandbox: { keys: { 'sk-a': 'proj_a', 'sk-b': 'proj_b' } },
      connection: { apiKeyCipher: 'sk-a' },
    });
    h.sandbox.seed({ stores: 2 }, 'proj_b');
    await h.addConnection({ id: 'conn-b', apiKeyCipher: 'sk-b' });
    const pause = h.pauseAt(STORES);
    const first = await h.start();
    await pause.reached;
    expect((await h.sync({ connectionId: 'conn-b' })).status).toBe('succeeded');
    pause.release();
    expect((await h.finish(first)).status).toBe('succeeded');
  });

  it('row 14: a tick during a run longer than its interval is skipped without an alarm', async () => {
    const h = await seeded();
    const pause = h.pauseAt(STORES);
    const first = await h.start();
    await pause.reached;
    h.clock.advance(4_000);
    await runScheduledSync(h.deps, { tenantId: TENANT_ID, connectionId: CONNECTION_ID });
    expect(h.logged.filter((entry) => entry.level === 'error' || entry.level === 'warn')).toEqual([]);
    pause.release();
    await h.finish(first);
    expect(h.sandbox.requests.byRoute['GET /vector_stores']).toBe(1);
  });

  it('a plain sync joins the run of the start-up', async () => {
    const h = await seeded();
    const pause = h.pauseAt(STORES);
    const first = await h.start({ trigger: 'startup' });
    await pause.reached;
    expect(await h.start({ trigger: 'manual' })).toBe(first);
    await expect(h.start({ trigger: 'manual', isFull: true })).rejects.toMatchObject({ code: 'sync_already_running' });
    await expect(h.start({ trigger: 'manual', isDryRun: true })).rejects.toMatchObject({
      code: 'sync_already_running',
    });
    pause.release();
    expect((await h.finish(first)).status).toBe('succeeded');
  });
});

describe('row 14: a process that slept past its lease', () => {
  /** A run that is paused at a request while another process takes its lease and syncs. */
  async function overtaken(isWanted: typeof STORES) {
    const h = await seeded({ connection: { removalGraceS: 0 } });
    await h.sync();
    const { state } = h.sandbox;
    const zombieName = 'Seen by the zombie';
    const [storeId = ''] = state.storeIds();
    state.updateStore(storeId, { name: zombieName });
    const pause = h.pauseAt(isWanted);
    const zombie = await h.start({ isFull: true });
    await pause.reached;
    h.clock.advance(20 * MINUTE_MS);
    state.updateStore(storeId, { name: 'Newest' });
    state.deleteStore(state.storeIds()[3] ?? '');
    const other = await h.openProcess({ owner: ELSEWHERE });
    const taker = await other.sync({ trigger: 'manual' });
    expect(taker.status).toBe('succeeded');
    return { h, other, pause, zombie, taker };
  }

  it.each([
    ['before its first write', STORES],
    ['between two writes', FILES],
  ])('cannot write any more when it wakes %s', async (_, isWanted) => {
    const { h, other, pause, zombie, taker } = await overtaken(isWanted);
    const before = h.dump();
    pause.release();
    await h.deps.active.get(zombie)?.finished;

    expect(h.dump()).toEqual(before);
    expect(h.deps.active.size).toBe(0);
    // Its record was closed by the process that took over, whose result counts.
    expect(await h.finish(zombie)).toMatchObject({ status: 'failed', error: { code: 'interrupted' } });
    expect((await h.connection()).completeSyncAtMs).toBe((taker.finishedAt ?? 0) * 1000);
    await other.sync();
    expect(h.mirror()).toEqual(h.upstream());
    expect(h.missing()).toEqual(NOTHING_MARKED);
  });

  it('stops at its next lease check, and sends upstream nothing more', async () => {
    const { h, pause, zombie } = await overtaken(STORES);
    h.sandbox.requests.clear();
    const active = h.deps.active.get(zombie);
    // What its heartbeat does when it finds the lease lost.
    expect(await leaseOf(h)).toMatchObject({ owner: '', fence: 3 });
    pause.release();
    await active?.finished;
    expect(h.sandbox.requests.total).toBe(0);
  });

  it('loses to the fence, which every owner increments and nothing resets', async () => {
    const h = await seeded();
    const fences: (number | undefined)[] = [];
    for (let round = 0; round < 3; round += 1) {
      await h.sync();
      fences.push((await leaseOf(h))?.fence);
    }
    expect(fences).toEqual([1, 2, 3]);
  });
});

describe('the lease of a running sync', () => {
  it('is renewed while upstream makes the run wait, so that no other process takes it', async () => {
    const h = await seeded({ settings: { leaseTtlMs: 60 } });
    const pause = h.pauseAt(STORES);
    const runId = await h.start();
    await pause.reached;
    for (let beat = 0; beat < 3; beat += 1) {
      const before = (await leaseOf(h))?.expiresAtMs ?? 0;
      h.clock.advance(40);
      await vi.waitFor(async () => expect((await leaseOf(h))?.expiresAtMs).toBeGreaterThan(before));
    }
    expect(isLeaseLive(await leaseOf(h), h.clock.nowMs(), ELSEWHERE)).toBe(true);
    pause.release();
    expect((await h.finish(runId)).status).toBe('succeeded');
  });

  it('aborts the run when it was taken over, even while the run waits for upstream', async () => {
    const h = await seeded({ settings: { leaseTtlMs: 60 } });
    const pause = h.pauseAt(STORES);
    const runId = await h.start();
    await pause.reached;
    const finished = h.deps.active.get(runId)?.finished;
    await h.db.transaction((tx) =>
      tx.leases.take({ tenantId: TENANT_ID, name: `sync:${CONNECTION_ID}`, owner: ELSEWHERE, expiresAtMs: 9e15 }),
    );
    await finished;
    expect(h.deps.active.size).toBe(0);
    expect((await leaseOf(h))?.owner, "it does not release another owner's lease").toBe(ELSEWHERE);
  });
});

describe('a process that died', () => {
  it.each([
    ['with a pid that no process has now', `${hostname()}/999999999/boot-x`],
    ['with the pid that this process got after it', `${hostname()}/${process.pid}/boot-x`],
  ])('frees its lease at once (%s), its run is closed, and the next run converges', async (_, owner) => {
    const h = await seeded();
    const dead = await h.openProcess({ owner });
    const pause = h.pauseAt(FILES);
    const lost = await dead.start();
    await pause.reached;

    expect(await recoverRuns(h.deps, TENANT_ID)).toEqual(new Set([CONNECTION_ID]));
    expect(await h.finish(lost)).toMatchObject({ status: 'failed', error: { code: 'interrupted' } });
    const run = await h.sync({ trigger: 'recovery' });
    expect(run.status).toBe('succeeded');
    expect(h.mirror()).toEqual(h.upstream());
    pause.release();
  });

  it('keeps its lease until it expires when it was on another machine', async () => {
    const h = await seeded();
    const dead = await h.openProcess({ owner: ELSEWHERE });
    const pause = h.pauseAt(STORES);
    await dead.start();
    await pause.reached;
    expect(await recoverRuns(h.deps, TENANT_ID)).toEqual(new Set());
    await expect(h.start()).rejects.toMatchObject({ code: 'sync_already_running' });
    h.clock.advance(MINUTE_MS);
    expect(await recoverRuns(h.deps, TENANT_ID)).toEqual(new Set([CONNECTION_ID]));
    expect((await h.sync()).status).toBe('succeeded');
  });
});
