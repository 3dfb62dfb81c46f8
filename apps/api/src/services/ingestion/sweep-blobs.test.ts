import { setImmediate as nextTurn } from 'node:timers/promises';
import { createMemoryBlobStore } from '@espejo/retrieval/testing';
import { expect, it } from 'vitest';
import { createPrimaryHarness, NOW_MS, type PrimaryHarness, TENANT } from '../../testing/primary-harness.ts';
import { SWEEP_APPROVAL_FACT, SWEEP_QUESTION_FACT, type SweepOutcome, sweepBlobs } from './sweep-blobs.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NONE: SweepOutcome = { setAside: 0, takenBack: 0, forgotten: 0, question: null };

async function setUp() {
  const h = await createPrimaryHarness();
  let uptimeMs = 24 * HOUR_MS;
  let nowMs = NOW_MS;
  let behindMs = 0;
  const blobs = createMemoryBlobStore({ nowMs: () => nowMs });
  const clock = { nowMs: () => nowMs, certainMs: () => nowMs - behindMs };
  async function* bytes(text: string) {
    yield Buffer.from(text);
    await nextTurn();
  }
  const names = async (list: AsyncIterable<{ sha256: string }>) => {
    const found: string[] = [];
    for await (const { sha256 } of list) found.push(sha256);
    return found.sort();
  };
  return {
    h,
    write: async (text: string) => (await blobs.write(bytes(text), { maxBytes: 100 })).sha256,
    sweep: (signal = new AbortController().signal) =>
      sweepBlobs({ ...h.deps, blobs, clock, uptimeMs: () => uptimeMs }, signal),
    kept: () => names(blobs.list()),
    aside: () => names(blobs.listSetAside()),
    advance: (ms: number) => {
      nowMs += ms;
    },
    /** The wall clock jumps ahead, so it is not trusted. */
    jump: (ms: number) => {
      nowMs += ms;
      behindMs += ms;
    },
    restart: () => {
      uptimeMs = 0;
    },
    runFor: (ms: number) => {
      uptimeMs += ms;
    },
  };
}

let serial = 0;
async function record(h: PrimaryHarness, sha256: string): Promise<void> {
  serial += 1;
  const file = {
    tenantId: TENANT,
    id: `file-${serial}`,
    filename: 'a.txt',
    purpose: 'assistants',
    mimeType: null,
    sizeBytes: 1,
    sha256,
    createdAtS: 1,
    expiresAtS: null,
    adoptedFrom: null,
  };
  await h.db.transaction((tx) => tx.primaryFiles.insert(file));
}

it('a sweep removes nothing when the database is another one: 28 unreferenced contents stay until approved', async () => {
  const { h, write, sweep, kept, aside, advance, restart, runFor } = await setUp();
  for (let n = 0; n < 28; n += 1) await write(`content ${n}`);
  advance(3 * DAY_MS);
  restart();
  expect(await sweep()).toEqual(NONE);
  runFor(6 * HOUR_MS);
  const { question, ...rest } = await sweep();
  expect(rest).toEqual({ setAside: 0, takenBack: 0, forgotten: 0 });
  expect(question).toMatch(/28 stored contents.*more than 5.*npm run confirm -- sweep/);
  expect([(await kept()).length, await aside()]).toEqual([28, []]);
  expect(await h.db.read.installationFacts.find(SWEEP_QUESTION_FACT)).toMatchObject({ count: 28, limit: 5 });
});

it('a sweep sets aside exactly what was approved, and restores content that a row references again', async () => {
  const { h, write, sweep, kept, aside, advance } = await setUp();
  const names = await Promise.all(Array.from({ length: 9 }, (_, n) => write(`content ${n}`)));
  advance(2 * DAY_MS);
  await sweep();
  const question = await h.db.read.installationFacts.find(SWEEP_QUESTION_FACT);
  await h.db.transaction((tx) => tx.installationFacts.set(SWEEP_APPROVAL_FACT, question));

  await write('one more');
  advance(2 * DAY_MS);
  expect((await sweep()).question).toMatch(/10 stored contents/);
  expect((await kept()).length).toBe(10);

  const asked = await h.db.read.installationFacts.find(SWEEP_QUESTION_FACT);
  await h.db.transaction((tx) => tx.installationFacts.set(SWEEP_APPROVAL_FACT, asked));
  expect(await sweep()).toEqual({ ...NONE, setAside: 10 });
  expect([await kept(), (await aside()).length]).toEqual([[], 10]);
  expect(await h.db.read.installationFacts.find(SWEEP_QUESTION_FACT)).toBeUndefined();

  await record(h, names[3] ?? '');
  expect(await sweep()).toEqual({ ...NONE, takenBack: 1 });
  expect(await kept()).toEqual([names[3]]);
});

it('many small sweeps do not exceed the limit', async () => {
  const { h, write, sweep, kept, aside, advance } = await setUp();
  for (let n = 0; n < 30; n += 1) await record(h, await write(`kept ${n}`));
  for (let round = 0; round < 10; round += 1) {
    await write(`left behind ${round}`);
    advance(2 * DAY_MS);
    await sweep();
  }
  expect((await aside()).length).toBeLessThanOrEqual(8);
  expect((await kept()).length + (await aside()).length).toBe(40);
});

it('a sweep deletes nothing while the clock is not trusted', async () => {
  const { write, sweep, aside, advance, jump } = await setUp();
  await write('left behind');
  jump(400 * DAY_MS);
  expect(await sweep()).toEqual(NONE);
  advance(2 * DAY_MS);
  expect(await sweep()).toEqual({ ...NONE, setAside: 1 });
  jump(400 * DAY_MS);
  expect(await sweep()).toEqual(NONE);
  expect((await aside()).length).toBe(1);
});

it('a sweep does nothing once it is stopped', async () => {
  const { write, sweep, kept, advance } = await setUp();
  await write('left behind');
  advance(2 * DAY_MS);
  expect(await sweep(AbortSignal.abort())).toEqual(NONE);
  expect((await kept()).length).toBe(1);
});
