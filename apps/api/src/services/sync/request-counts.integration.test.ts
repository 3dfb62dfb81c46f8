import { describe, expect, it } from 'vitest';
import { createSyncHarness, HOUR_MS, type SyncHarness } from '../../testing/sync-harness.ts';

const FILES_PAGE = 10_000;

/** Sizes on both sides of every page border. */
const SHAPES = [
  { stores: 0, filesPerStore: 0, orphans: 0 },
  { stores: 1, filesPerStore: 1, orphans: 0 },
  { stores: 5, filesPerStore: 0, orphans: 4 },
  { stores: 99, filesPerStore: 1, orphans: 0 },
  { stores: 100, filesPerStore: 2, orphans: 1 },
  { stores: 101, filesPerStore: 3, orphans: 0 },
  { stores: 3, filesPerStore: 100, orphans: 0 },
  { stores: 3, filesPerStore: 101, orphans: 0 },
  { stores: 1, filesPerStore: 0, orphans: FILES_PAGE },
  { stores: 1, filesPerStore: 1, orphans: FILES_PAGE },
] as const;

/** The design's lower bound, computed from upstream's rows. */
function lowerBound(h: SyncHarness) {
  const { stores, attachments, files } = h.sandbox.state.snapshot();
  const storePages = Math.max(1, Math.ceil(stores.length / 100));
  const attachmentPages = [...attachments.values()].reduce((sum, rows) => sum + Math.ceil(rows.length / 100), 0);
  const filePages = Math.max(1, Math.ceil(files.length / FILES_PAGE));
  // Containers and assistants are checked for their files where there is a file in no store.
  const isAttached = new Set([...attachments.values()].flat().map((row) => row.id));
  const toolLists = files.some((file) => file.purpose === 'assistants' && !isAttached.has(file.id)) ? 2 : 0;
  return { storePages, filePages, full: storePages + attachmentPages + filePages + toolLists };
}

async function countRequests(h: SyncHarness, ...input: Parameters<SyncHarness['sync']>) {
  h.sandbox.requests.clear();
  const run = await h.sync(...input);
  expect(run.status).toBe('succeeded');
  const { total, writes, byRoute } = h.sandbox.requests;
  expect(writes).toBe(0);
  expect(run.requests).toBe(total);
  return { total, byRoute };
}

describe.each(SHAPES)('requests for $stores stores of $filesPerStore files and $orphans other files', (shape) => {
  it('are exactly the lower bound, in a full run and in one without changes', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ ...shape, sharedFraction: 0.1 });
    const bound = lowerBound(h);

    const first = await countRequests(h);
    expect(first.total).toBe(bound.full);
    const again = await countRequests(h, { isFull: true });
    expect(again.total).toBe(bound.full);

    const unchanged = await countRequests(h);
    expect(unchanged.byRoute).toEqual({ 'GET /vector_stores': bound.storePages });
    h.clock.advance(HOUR_MS / 4);
    const filesDue = await countRequests(h);
    expect(filesDue.byRoute).toEqual({ 'GET /vector_stores': bound.storePages, 'GET /files': bound.filePages });
    expect(h.mirror()).toEqual(h.upstream());
  });
});

describe('a run lists only the files of stores that may differ', () => {
  it('when one of many stores has changed', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 120, filesPerStore: 2 });
    await h.sync();
    const storeId = h.sandbox.state.storeIds()[57] ?? '';
    h.sandbox.state.updateStore(storeId, { name: 'Renamed' });
    const { total } = await countRequests(h);
    expect(total).toBe(2 + 1 + 1);
    expect(h.sandbox.requests.entries.map((entry) => entry.path)).toContain(`/vector_stores/${storeId}/files`);
  });

  it('when every store is listed once a day, spread over its last quarter without a burst', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 60, filesPerStore: 1 });
    await h.sync();
    const perHour: number[] = [];
    for (let hour = 1; hour <= 25; hour += 1) {
      h.clock.advance(HOUR_MS);
      const { byRoute } = await countRequests(h);
      perHour.push(byRoute['GET /vector_stores/*/files'] ?? 0);
    }
    expect(perHour.slice(0, 17)).toEqual(Array.from({ length: 17 }, () => 0));
    expect(perHour.reduce((sum, count) => sum + count, 0)).toBe(60);
    expect(Math.max(...perHour)).toBeLessThan(30);
  });
});
