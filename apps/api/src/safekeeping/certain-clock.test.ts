import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { believe } from '@espejo/core';
import { openDatabase } from '@espejo/db';
import { expect, it, onTestFinished } from 'vitest';
import { createMemoryLog, lineOf } from '../testing/memory-log.ts';
import { CLOCK_FACT, createCertainClock } from './certain-clock.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const START_MS = Date.UTC(2026, 0, 15);

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'espejo-clock-'));
  const db = openDatabase({ path: join(folder, 'espejo.db') });
  const lines: string[] = [];
  const log = createMemoryLog((entry) => lines.push(lineOf(entry)));
  const now = { wallMs: START_MS, countedMs: 0 };
  onTestFinished(async () => {
    await db.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    db,
    lines,
    async startProcess() {
      const certain = createCertainClock({ db, log, nowMs: () => now.wallMs, countedMs: () => now.countedMs });
      await certain.start();
      onTestFinished(certain.stop);
      return certain;
    },
    pass(ms: number) {
      now.wallMs += ms;
      now.countedMs += ms;
    },
    set(ms: number) {
      now.wallMs += ms;
    },
  };
}

it('the certain clock equals the wall clock while both agree, between readings too', async () => {
  const { startProcess, pass } = setUp();
  const certain = await startProcess();
  for (let minute = 1; minute <= 30; minute += 1) {
    pass(MINUTE_MS);
    expect(certain.clock.certainMs()).toBe(START_MS + minute * MINUTE_MS);
    await certain.observe();
  }
  expect(certain.fault()).toBeNull();
});

it('the certain clock falls behind at a jump of the wall clock, logs it once, and catches up when the clock is right again', async () => {
  const { startProcess, pass, set, lines } = setUp();
  const certain = await startProcess();
  pass(MINUTE_MS);
  set(400 * DAY_MS);
  expect(certain.clock.nowMs()).toBe(START_MS + MINUTE_MS + 400 * DAY_MS);
  expect(certain.clock.certainMs()).toBe(START_MS + MINUTE_MS);
  expect(certain.fault()).toMatch(/400 days ahead.*npm run confirm -- clock/);
  await certain.observe();
  pass(MINUTE_MS);
  await certain.observe();
  expect(lines.filter((line) => line.includes('400 days ahead'))).toHaveLength(1);
  set(-400 * DAY_MS);
  await certain.observe();
  expect(certain.fault()).toBeNull();
  expect(certain.clock.certainMs()).toBe(START_MS + 2 * MINUTE_MS);
});

it('the certain clock stays behind after three weeks without a process, until a user confirms the clock', async () => {
  const { db, startProcess, set, pass } = setUp();
  (await startProcess()).stop();
  set(21 * DAY_MS);
  const certain = await startProcess();
  expect(certain.fault()).toMatch(/21 days ahead/);
  expect(certain.clock.certainMs()).toBe(START_MS);
  await db.transaction((tx) => tx.installationFacts.set(CLOCK_FACT, believe(certain.clock.nowMs())));
  pass(MINUTE_MS);
  await certain.observe();
  expect(certain.fault()).toBeNull();
  expect(certain.clock.certainMs()).toBe(START_MS + 21 * DAY_MS + MINUTE_MS);
});

it('the certain clock accepts a weekend between two processes', async () => {
  const { startProcess, set } = setUp();
  (await startProcess()).stop();
  set(2 * DAY_MS);
  expect((await startProcess()).fault()).toBeNull();
});

it('the certain clock is the same for two processes that read in turns', async () => {
  const { startProcess, pass, set } = setUp();
  const [one, two] = [await startProcess(), await startProcess()];
  set(100 * DAY_MS);
  for (let minute = 0; minute < 60; minute += 1) {
    pass(MINUTE_MS);
    await one.observe();
    await two.observe();
  }
  expect(one.clock.certainMs()).toBe(START_MS + 60 * MINUTE_MS);
  expect(two.clock.certainMs()).toBe(START_MS + 60 * MINUTE_MS);
});
