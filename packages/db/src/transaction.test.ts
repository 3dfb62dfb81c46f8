import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { OpenDatabaseOptions } from './database.ts';
import type { Repositories } from './repositories/index.ts';
import { connectionRow, NOW_MS } from './testing/rows.ts';
import { openTempDatabase, type TempDatabase } from './testing/temp-database.ts';

const T = 't1';
const insert = (tx: Repositories, id: string) => tx.connections.insert(connectionRow(T, id, { removalGraceS: 0 }));

/** A latch: `passed` resolves once `pass` is called. */
function createGate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, pass: resolve };
}

describe('transaction()', () => {
  let temp: TempDatabase;
  const open = async (options: Omit<OpenDatabaseOptions, 'path'> = {}) => {
    temp = await openTempDatabase(options);
    return temp;
  };
  const ids = async () => (await temp.db.read.connections.list(T)).map((row) => row.id);
  afterEach(() => temp.dispose());

  it('returns the result of its work', async () => {
    const { db } = await open();
    expect(await db.transaction(async () => 'answer')).toBe('answer');
  });

  it('rolls back work that throws on its last line', async () => {
    const { db } = await open();
    const work = db.transaction(async (tx) => {
      await insert(tx, 'a');
      await nextTurn();
      await tx.tenants.ensure({ id: T, name: T, createdAtMs: 1 });
      await nextTurn();
      throw new Error('on the last line');
    });
    await expect(work).rejects.toThrow('on the last line');
    expect(await ids()).toEqual([]);
    expect(await db.read.tenants.list()).toEqual([]);
  });

  it('rolls back when a statement half-way fails, and the next transaction works', async () => {
    const { db } = await open();
    const work = db.transaction(async (tx) => {
      await insert(tx, 'a');
      await insert(tx, 'a');
    });
    await expect(work).rejects.toThrow(/UNIQUE|Failed query/);
    expect(await ids()).toEqual([]);
    await db.transaction((tx) => insert(tx, 'b'));
    expect(await ids()).toEqual(['b']);
  });

  it('runs one writer at a time, in the order they came', async () => {
    const { db } = await open();
    await db.transaction((tx) => insert(tx, 'a'));
    const log: string[] = [];
    const increment = (n: number) =>
      db.transaction(async (tx) => {
        log.push(`begin ${n}`);
        const row = await tx.connections.find(T, 'a');
        await nextTurn();
        await tx.connections.update(T, 'a', { removalGraceS: (row?.removalGraceS ?? 0) + 1 });
        await nextTurn();
        log.push(`end ${n}`);
        if (n % 3 === 0) throw new Error('every third is undone');
      });
    const results = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => increment(n)));
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(10);
    expect((await db.read.connections.find(T, 'a'))?.removalGraceS).toBe(20);
    expect(log).toEqual(Array.from({ length: 30 }, (_, n) => [`begin ${n}`, `end ${n}`]).flat());
  });

  it('shows only the committed state to readers, and its own writes to itself', async () => {
    const { db } = await open();
    const written = createGate();
    const looked = createGate();
    const writing = db.transaction(async (tx) => {
      await insert(tx, 'a');
      expect(await tx.connections.find(T, 'a')).toBeDefined();
      written.pass();
      await looked.passed;
    });
    await written.passed;
    expect(await ids()).toEqual([]);
    looked.pass();
    await writing;
    expect(await ids()).toEqual(['a']);
  });

  it('is the only way to write: writes by readers are rejected', async () => {
    const { db } = await open();
    await expect(insert(db.read, 'a')).rejects.toThrow();
    expect(await ids()).toEqual([]);
  });

  it("waits for another connection's write to end, without blocking the process", async () => {
    const { db, rawConnection } = await open();
    const other = rawConnection();
    other.exec("begin immediate; insert into tenant values ('theirs', 'theirs', 1)");
    let isDone = false;
    const writing = db
      .transaction((tx) => insert(tx, 'a'))
      .then(() => {
        isDone = true;
      });
    // The event loop turns several times while it waits.
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    expect(isDone).toBe(false);
    other.exec('commit');
    await writing;
    expect(await ids()).toEqual(['a']);
    expect(await db.read.tenants.list()).toHaveLength(1);
  });

  it('fails with database_busy after the deadline; nothing is changed and the next one works', async () => {
    const { db, rawConnection } = await open({ busyDeadlineMs: 60 });
    const other = rawConnection();
    other.exec('begin immediate');
    let isStarted = false;
    const work = db.transaction(async (tx) => {
      isStarted = true;
      await insert(tx, 'a');
    });
    await expect(work).rejects.toMatchObject({ code: 'database_busy', status: 503, isRetryable: true });
    expect(isStarted).toBe(false);
    other.exec('rollback');
    await db.transaction((tx) => insert(tx, 'b'));
    expect(await ids()).toEqual(['b']);
  });

  it('allows reads while another connection writes', async () => {
    const { db, rawConnection } = await open();
    await db.transaction((tx) => insert(tx, 'a'));
    const other = rawConnection();
    other.exec("begin exclusive; update connection set name = 'theirs'");
    expect(await ids()).toEqual(['a']);
    expect((await db.read.connections.find(T, 'a'))?.name).toBe('Name of a');
    other.exec('rollback');
  });

  it('fails with database_full on a full disk and changes nothing; it works again when there is space', async () => {
    const { db, rawConnection } = await open({ pageCountMax: 150 });
    await db.transaction((tx) => insert(tx, 'first'));
    const big = 'x'.repeat(100_000);
    const fill = db.transaction(async (tx) => {
      for (let i = 0; i < 100; i += 1) await tx.tenants.ensure({ id: `${i}`, name: big, createdAtMs: NOW_MS });
    });
    await expect(fill).rejects.toMatchObject({ code: 'database_full', status: 507, isRetryable: true });
    expect(await db.read.tenants.list()).toEqual([]);
    expect(await ids()).toEqual(['first']);
    expect(rawConnection().pragma('integrity_check', { simple: true })).toBe('ok');
    await db.transaction((tx) => insert(tx, 'second'));
    expect(await ids()).toEqual(['first', 'second']);
  });

  it('is awaited by close(), which rejects later ones', async () => {
    const { db, rawConnection } = await open();
    const other = rawConnection();
    const started = createGate();
    const mayEnd = createGate();
    const first = db.transaction(async (tx) => {
      started.pass();
      await mayEnd.passed;
      await insert(tx, 'first');
    });
    const second = db.transaction((tx) => insert(tx, 'second'));
    await started.passed;
    const closing = db.close();
    await expect(db.transaction((tx) => insert(tx, 'late'))).rejects.toMatchObject({ code: 'database_busy' });
    mayEnd.pass();
    await Promise.all([first, second, closing, db.close()]);
    expect(other.prepare('select id from connection order by 1').pluck().all()).toEqual(['first', 'second']);
  });
});
