import { beforeEach, describe, expect, it } from 'vitest';
import { NOW_MS } from '../../testing/rows.ts';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, THEIRS, useTwoTenants } from '../../testing/two-tenants.ts';
import type { IngestionClaim } from './ingestion-queue.ts';

const LEASE_MS = 30_000;

export function ingestionQueueSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);

  async function addStore(id: string): Promise<void> {
    await t.db.transaction((tx) =>
      tx.vectorStores.insertPrimary({ tenantId: MINE, id, name: id, createdAtS: 1, nowMs: NOW_MS }),
    );
  }
  async function attach(storeId: string, fileId: string, nowMs = NOW_MS): Promise<void> {
    await t.db.transaction((tx) =>
      tx.primaryAttachments.insert({
        tenantId: MINE,
        storeId,
        fileId,
        createdAtS: 1,
        attributes: {},
        maxTokens: 800,
        overlapTokens: 400,
        batchId: null,
        nowMs,
      }),
    );
  }
  function claim(fields: { owner?: string; nowMs?: number; except?: string[]; busy?: string[] } = {}) {
    const { owner = 'a', nowMs = NOW_MS, except = [], busy = [] } = fields;
    return t.db.transaction((tx) =>
      tx.ingestionQueue.claim({
        tenantId: MINE,
        owner,
        nowMs,
        expiresAtMs: nowMs + LEASE_MS,
        exceptStoreIds: except,
        busyStoreIds: busy,
      }),
    );
  }
  const isHeld = (held: IngestionClaim) => t.db.read.ingestionQueue.isHeld(held);
  const name = (held: IngestionClaim | undefined) => held && `${held.storeId}/${held.fileId}`;
  const must = (held: IngestionClaim | undefined): IngestionClaim => {
    if (held === undefined) throw new Error('Nothing was claimed.');
    return held;
  };

  beforeEach(async () => {
    await addStore('vs_a');
    await addStore('vs_b');
  });

  describe('claiming the next file', () => {
    it('gives each file to one worker, in the order of attachment', async () => {
      for (const id of ['file-1', 'file-2']) await attach('vs_a', id);
      expect([name(await claim()), name(await claim({ owner: 'b' })), name(await claim())]).toEqual([
        'vs_a/file-1',
        'vs_a/file-2',
        undefined,
      ]);
    });

    it('prefers another store to more files of one that is being worked on', async () => {
      for (const id of ['file-1', 'file-2']) await attach('vs_a', id);
      await attach('vs_b', 'file-3');
      expect(name(await claim())).toBe('vs_a/file-1');
      expect(name(await claim({ busy: ['vs_a'] }))).toBe('vs_b/file-3');
      expect(name(await claim({ busy: ['vs_a', 'vs_b'] }))).toBe('vs_a/file-2');
    });

    it('skips stores that are paused, in the trash or expired', async () => {
      await attach('vs_a', 'file-1');
      expect(await claim({ except: ['vs_a'] })).toBeUndefined();
      await t.db.transaction((tx) => tx.trash.put(MINE, 'vs_a', NOW_MS));
      expect(await claim()).toBeUndefined();
      expect(await t.db.read.ingestionQueue.nextDueAtMs(MINE)).toBeNull();
      await t.db.transaction((tx) => tx.trash.restore(MINE, 'vs_a', NOW_MS));
      expect(name(await claim())).toBe('vs_a/file-1');
    });

    it('waits until a retry is due', async () => {
      await attach('vs_a', 'file-1');
      const held = must(await claim());
      const nextAttemptAtMs = NOW_MS + 5_000;
      await t.db.transaction((tx) => tx.ingestionQueue.release(held, { nextAttemptAtMs, isCounted: true }));
      expect(await t.db.read.ingestionQueue.nextDueAtMs(MINE)).toBe(nextAttemptAtMs);
      expect(await claim({ nowMs: nextAttemptAtMs - 1 })).toBeUndefined();
      expect((await claim({ nowMs: nextAttemptAtMs }))?.attempts).toBe(2);
    });
  });

  describe('the claim of a file', () => {
    it('is valid until its lease ends, and then another worker gets the file', async () => {
      await attach('vs_a', 'file-1');
      const first = must(await claim());
      expect(await claim({ owner: 'b', nowMs: NOW_MS + LEASE_MS - 1 })).toBeUndefined();
      await t.db.transaction((tx) => tx.ingestionQueue.renew([first], NOW_MS + 2 * LEASE_MS));
      expect(await claim({ owner: 'b', nowMs: NOW_MS + LEASE_MS })).toBeUndefined();
      const second = must(await claim({ owner: 'b', nowMs: NOW_MS + 2 * LEASE_MS }));
      expect([await isHeld(first), await isHeld(second)]).toEqual([false, true]);
      await expect(t.db.transaction((tx) => tx.ingestionQueue.assertHeld(first))).rejects.toMatchObject({
        code: 'lease_lost',
      });
      expect(await t.db.transaction((tx) => tx.ingestionQueue.renew([first, second], NOW_MS))).toEqual([first]);
    });

    it.each([
      ['detached', (tx) => tx.primaryAttachments.remove({ tenantId: MINE, storeId: 'vs_a', fileId: 'file-1' }, NOW_MS)],
      [
        'cancelled',
        (tx) =>
          tx.primaryAttachments.finish(
            { tenantId: MINE, storeId: 'vs_a', fileId: 'file-1' },
            { status: 'cancelled', usageBytes: 0, chunkCount: null, lastError: null },
            NOW_MS,
          ),
      ],
      [
        'restarted with other settings',
        (tx) =>
          tx.primaryAttachments.restart({
            tenantId: MINE,
            storeId: 'vs_a',
            fileId: 'file-1',
            attributes: {},
            maxTokens: 100,
            overlapTokens: 0,
            batchId: null,
            nowMs: NOW_MS,
          }),
      ],
      ['removed with its purged store', (tx) => tx.primaryAttachments.removeAllOfStore(MINE, 'vs_a')],
      ['freed because its owner is dead', (tx) => tx.ingestionQueue.releaseOwner(MINE, 'a')],
    ] satisfies [string, (tx: Parameters<Parameters<typeof t.db.transaction>[0]>[0]) => Promise<unknown>][])(
      'is lost when its file is %s',
      async (_, change) => {
        await attach('vs_a', 'file-1');
        const held = must(await claim());
        await t.db.transaction<unknown>(change);
        expect(await isHeld(held)).toBe(false);
        // A late release of the old claim changes nothing.
        await t.db.transaction((tx) => tx.ingestionQueue.release(held, { nextAttemptAtMs: 0, isCounted: true }));
        expect(await isHeld(held)).toBe(false);
      },
    );
  });

  describe('a file that was being read when a process ended', () => {
    const note = (held: IngestionClaim, isBeingRead: boolean) =>
      t.db.transaction((tx) => tx.ingestionQueue.noteReading(held, isBeingRead));
    const endOf = (owner: string) => t.db.transaction((tx) => tx.ingestionQueue.releaseOwner(MINE, owner));

    it('counts as a lost read, whether its claim is freed or expires', async () => {
      await attach('vs_a', 'file-1');
      const first = must(await claim());
      expect(first.lostReads).toBe(0);
      await note(first, true);
      await endOf('a');
      const second = must(await claim({ owner: 'b' }));
      expect(second.lostReads).toBe(1);
      await note(second, true);
      expect(must(await claim({ owner: 'c', nowMs: NOW_MS + LEASE_MS })).lostReads).toBe(2);
    });

    it('does not count before or after it was read, nor when its claim was given back', async () => {
      await attach('vs_a', 'file-1');
      must(await claim());
      await endOf('a');
      const read = must(await claim());
      await note(read, true);
      await note(read, false);
      await endOf('a');
      const given = must(await claim());
      await note(given, true);
      await t.db.transaction((tx) => tx.ingestionQueue.release(given, { nextAttemptAtMs: NOW_MS, isCounted: true }));
      expect(must(await claim()).lostReads).toBe(0);
    });

    it('starts at zero lost reads when its owner retries it', async () => {
      const key = { tenantId: MINE, storeId: 'vs_a', fileId: 'file-1' };
      await attach('vs_a', 'file-1');
      await note(must(await claim()), true);
      await endOf('a');
      const outcome = { status: 'failed', usageBytes: 0, chunkCount: null, lastError: null } as const;
      await t.db.transaction((tx) => tx.primaryAttachments.finish(key, outcome, NOW_MS));
      await t.db.transaction((tx) => tx.primaryAttachments.retry(key, NOW_MS));
      expect(must(await claim()).lostReads).toBe(0);
    });

    it('is marked as being read only by the holder of its claim', async () => {
      await attach('vs_a', 'file-1');
      const held = must(await claim());
      await endOf('a');
      await expect(note(held, true)).rejects.toMatchObject({ code: 'lease_lost' });
    });
  });

  it("does not return another tenant's files", async () => {
    await attach('vs_a', 'file-1');
    expect(await t.db.read.ingestionQueue.countPending(THEIRS)).toBe(0);
    expect(await t.db.read.ingestionQueue.nextDueAtMs(THEIRS)).toBeNull();
    expect(await t.db.read.primaryFiles.sumBytes(THEIRS, 0)).toBe(0);
  });
}
