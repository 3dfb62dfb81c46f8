import { copyFileSync, rmSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { NOTHING_MARKED, selectAll } from '../../testing/mirror-rows.ts';
import { createSyncHarness, GRACE_MS, HOUR_MS, MINUTE_MS, type SyncHarness } from '../../testing/sync-harness.ts';

const STORES = ({ path }: { path: string }) => path === '/vector_stores';

/** Another process's write lock on the database. */
function lock(h: SyncHarness): { release(): void } {
  const file = new Sqlite(h.databasePath);
  file.exec('begin immediate');
  return {
    release() {
      file.exec('rollback');
      file.close();
    },
  };
}

async function converged(h: SyncHarness, run: Awaited<ReturnType<SyncHarness['sync']>>): Promise<void> {
  expect(run.status).toBe('succeeded');
  expect(h.mirror()).toEqual(h.upstream());
  expect(h.missing()).toEqual(NOTHING_MARKED);
  expect(h.sandbox.requests.writes).toBe(0);
}

describe('row 28: a busy database', () => {
  it('makes the run wait until the lock is gone', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 4, filesPerStore: 2 });
    const pause = h.pauseAt(STORES);
    const runId = await h.start();
    await pause.reached;
    const other = lock(h);
    pause.release();
    // The run has its page and waits for the lock.
    setTimeout(other.release, 80);
    await converged(h, await h.finish(runId));
  });

  it('fails the run when it lasts too long: nothing is applied, and the next run converges', async () => {
    const h = await createSyncHarness({ limits: { busyDeadlineMs: 40 } });
    h.sandbox.seed({ stores: 4, filesPerStore: 2 });
    await h.sync();
    const before = h.dump();
    h.sandbox.state.createStore({ name: 'New' });
    const pause = h.pauseAt(STORES);
    const runId = await h.start();
    await pause.reached;
    const finished = h.deps.active.get(runId)?.finished;
    const other = lock(h);
    pause.release();
    await finished;
    expect(h.dump()).toEqual(before);
    expect(h.deps.active.size).toBe(0);
    other.release();

    // Not even its end could be written: the lease expires, and the next run closes the record.
    h.clock.advance(MINUTE_MS);
    await converged(h, await h.sync());
    expect(await h.finish(runId)).toMatchObject({ status: 'failed', error: { code: 'interrupted' } });
  });
});

describe('row 28: a full disk', () => {
  it('fails the run with its reason; known rows stay, and with space again the mirror converges', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 20, filesPerStore: 2, sharedFraction: 0 });
    await h.sync();
    const before = h.mirror();
    h.sandbox.seed({ stores: 700, filesPerStore: 1, sharedFraction: 0 });
    const [{ pages = 0 } = {}] = selectAll(h.databasePath, 'select page_count as pages from pragma_page_count()');
    const tight = await h.openProcess({ limits: { pageCountMax: Number(pages) + 30 } });

    const run = await tight.sync();

    expect(run).toMatchObject({ status: 'failed', error: { code: 'database_full' } });
    expect(run.error?.message).toContain('disk is full');
    expect(h.missing()).toEqual(NOTHING_MARKED);
    const after = h.mirror();
    for (const kind of ['stores', 'attachments', 'files'] as const) {
      expect(after[kind], 'nothing known is lost').toMatchObject(before[kind]);
      // Rows written before the disk was full are correct and complete.
      expect(h.upstream()[kind]).toMatchObject(after[kind]);
    }
    await tight.stop();
    expect((await h.sync()).status, 'the lease was freed').toBe('succeeded');
    await converged(h, await h.sync());
  });
});

describe('row 28: a restored backup of yesterday', () => {
  it('is in sync after two runs; upstream is not written to, nothing is removed without proof', async () => {
    const h = await createSyncHarness();
    const { state } = h.sandbox;
    h.sandbox.seed({ stores: 40, filesPerStore: 3, orphans: 10, sharedFraction: 0.2 });
    await h.sync();
    const backup = `${h.databasePath}.backup`;
    const file = new Sqlite(h.databasePath);
    file.exec(`vacuum into '${backup}'`);
    file.close();

    // A day passes, in which the mirror follows.
    for (let hour = 0; hour < 4; hour += 1) {
      h.clock.advance(6 * HOUR_MS);
      state.deleteStore(state.storeIds()[5] ?? '');
      state.deleteFile(state.fileIds().at(-1) ?? '');
      state.updateStore(state.storeIds()[hour] ?? '', { name: `Hour ${hour}` });
      state.createStore({ name: 'New', fileIds: [state.createFile({ filename: `${hour}.md` }).id] });
      expect((await h.sync()).status).toBe('succeeded');
    }
    await h.stop();
    for (const suffix of ['', '-wal', '-shm']) rmSync(h.databasePath + suffix, { force: true });
    copyFileSync(backup, h.databasePath);

    const restored = await h.openProcess();
    expect(await restored.sync()).toMatchObject({
      status: 'succeeded',
      counters: { stores: { added: 4, missing: 4, removed: 0 } },
    });
    expect(h.missing().stores).toHaveLength(4);
    h.clock.advance(GRACE_MS);
    await converged(h, await restored.sync());
  });

  it('needs approval before the mirror follows when most rows were deleted that day', async () => {
    const h = await createSyncHarness({ connection: { removalGraceS: 0 } });
    const { state } = h.sandbox;
    h.sandbox.seed({ stores: 40 });
    await h.sync();
    for (const id of state.storeIds().slice(0, 30)) state.deleteStore(id);
    expect((await h.sync()).status).toBe('needs_review');
    expect(Object.keys(h.mirror().stores)).toHaveLength(40);
  });
});
