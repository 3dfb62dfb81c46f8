import { describe, expect, it } from 'vitest';
import { createManualClock } from '../clock.ts';
import { createSandbox } from '../create-sandbox.ts';
import type { ProjectSnapshot } from '../state/sandbox-state.ts';
import type { BulkSeed } from './seed-bulk.ts';

const EPOCH_MS = Date.UTC(2026, 10, 20, 9);
const DAY_MS = 86_400_000;

const bulk = (size: BulkSeed, seed?: number): ProjectSnapshot => {
  const sandbox = createSandbox({ clock: createManualClock(EPOCH_MS), seed });
  sandbox.seed(size);
  return sandbox.state.snapshot();
};
const sample = (nowMs: number = EPOCH_MS): ProjectSnapshot => {
  const sandbox = createSandbox({ clock: createManualClock(nowMs) });
  sandbox.seedSample({ seedEpochMs: EPOCH_MS });
  return sandbox.state.snapshot();
};
const attachmentsOf = (snapshot: ProjectSnapshot) => [...snapshot.attachments.values()].flat();

describe('seeding by size', () => {
  it('makes exactly the requested number of rows', () => {
    const even = bulk({ stores: 40, filesPerStore: 7, orphans: 5 });
    expect(even.stores).toHaveLength(40);
    expect([...even.attachments.values()].every((rows) => rows.length === 7)).toBe(true);
    const attachedIds = new Set(attachmentsOf(even).map((row) => row.id));
    expect(even.files).toHaveLength(attachedIds.size + 5);

    const spread = bulk({ stores: 7, attachments: 100 });
    expect(attachmentsOf(spread)).toHaveLength(100);
    const sizes = [...spread.attachments.values()].map((rows) => rows.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it('shares and fails the requested shares', () => {
    const none = bulk({ stores: 50, filesPerStore: 20, sharedFraction: 0 });
    expect(none.files).toHaveLength(1000);
    const some = bulk({ stores: 50, filesPerStore: 20, sharedFraction: 0.3, failedFraction: 0.2 });
    expect(some.files.length).toBeLessThan(900);
    expect(some.files.length).toBeGreaterThan(650);
    const failed = attachmentsOf(some).filter((row) => row.status === 'failed');
    expect(failed.length).toBeGreaterThan(130);
    expect(failed.length).toBeLessThan(270);
  });

  it('is the same for the same numbers, and differs for others', () => {
    const size = { stores: 20, filesPerStore: 10, orphans: 3, failedFraction: 0.1 };
    expect(bulk(size)).toEqual(bulk(size));
    expect(bulk({ ...size, seed: 2 }).files).not.toEqual(bulk(size).files);
    expect(bulk(size, 2).stores[0]?.id).not.toBe(bulk(size).stores[0]?.id);
  });

  it('has no row in the future, and none expired', () => {
    const { stores, files } = bulk({ stores: 200, filesPerStore: 3 });
    for (const row of [...stores, ...files]) expect(Number(row.created_at)).toBeLessThanOrEqual(EPOCH_MS / 1000);
    expect(stores.every((store) => store.status === 'completed')).toBe(true);
  });
});

describe('the sample', () => {
  it('has the stores of a typical company', () => {
    const { stores, files, attachments } = sample();
    const rows = attachmentsOf({ stores, files, attachments });
    const statuses = new Set(rows.map((row) => row.status));
    const fileIds = new Set(files.map((file) => file.id));
    const holders = new Map<string, number>();
    for (const row of rows) holders.set(row.id, (holders.get(row.id) ?? 0) + 1);
    const names = stores.map((store) => store.name);
    const isPlanned = (store: (typeof stores)[number]) => store.expires_at !== null && store.status !== 'expired';
    const daysLeft = stores.filter(isPlanned).map((store) => (Number(store.expires_at) * 1000 - EPOCH_MS) / DAY_MS);

    expect(stores).toHaveLength(24);
    expect(files.length).toBeGreaterThan(550);
    expect(files.length).toBeLessThan(750);
    expect(new Set(stores.map((store) => store.status))).toEqual(new Set(['completed', 'in_progress', 'expired']));
    expect(statuses).toEqual(new Set(['completed', 'in_progress', 'failed', 'cancelled']));
    expect(names.filter((name) => name === null).length).toBeGreaterThan(1);
    expect(names.filter((name) => name === 'Support bot')).toHaveLength(2);
    expect(Math.min(...daysLeft)).toBeLessThan(1);
    expect(Math.max(...daysLeft)).toBeGreaterThan(80);
    expect([...holders.values()].some((count) => count >= 3)).toBe(true);
    expect(rows.filter((row) => !fileIds.has(row.id))).toHaveLength(2);
    expect(files.filter((file) => !holders.has(file.id)).length).toBeGreaterThan(20);
    expect(new Set(files.map((file) => file.purpose))).toEqual(
      new Set(['assistants', 'user_data', 'batch', 'fine-tune']),
    );
    expect([...attachments.values()].filter((list) => list.length >= 100 && list.length <= 250)).toHaveLength(3);
    expect(new Set(files.map((file) => `${file.id} ${file.filename}`)).size).toBe(files.length);
    for (const row of [...stores, ...files, ...rows])
      expect(Number(row.created_at)).toBeLessThanOrEqual(EPOCH_MS / 1000);
  });

  it('is the same after a restart, except for what has expired since', () => {
    expect(sample()).toEqual(sample());
    const later = sample(EPOCH_MS + 10 * DAY_MS);
    const now = sample();
    expect(later.stores.map((store) => store.id)).toEqual(now.stores.map((store) => store.id));
    const expiredOf = (snapshot: ProjectSnapshot) => snapshot.stores.filter((store) => store.status === 'expired');
    expect(expiredOf(now)).toHaveLength(3);
    expect(expiredOf(later).length).toBeGreaterThan(3);
    const laterIds = new Set(later.files.map((file) => file.id));
    const gone = now.files.filter((file) => !laterIds.has(file.id));
    expect(gone.length).toBeGreaterThan(0);
    for (const file of gone) expect(Number(file.expires_at)).toBeLessThanOrEqual(EPOCH_MS / 1000 + 10 * 86_400);
  });
});
