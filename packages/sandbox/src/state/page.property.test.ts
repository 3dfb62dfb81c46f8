import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../clock.ts';
import { createSandbox, type Sandbox } from '../create-sandbox.ts';
import { createCaller } from '../testing/caller.ts';

const START_MS = 1_700_000_000_000;

type Row = { id: string; created_at: number };
type Order = 'asc' | 'desc';

/** A store with this many files; gaps of 0 put neighbours into one second. */
function sandboxWith(gapsSeconds: readonly number[]): { sandbox: Sandbox; storeId: string } {
  const sandbox = createSandbox({ clock: createManualClock(START_MS) });
  const storeId = sandbox.state.createStore().id;
  for (const gap of gapsSeconds) {
    sandbox.clock.advance(gap * 1000);
    const file = sandbox.state.createFile({ filename: 'a.txt', content: 'text' });
    sandbox.state.attach({ storeId, fileId: file.id });
    if (sandbox.state.storeIds().length < gapsSeconds.length) sandbox.state.createStore();
  }
  return { sandbox, storeId };
}

const gaps = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 40 });
const order = fc.constantFrom<Order>('asc', 'desc');
const limit = fc.integer({ min: 1, max: 100 });
const collection = fc.constantFrom('/vector_stores', '/files', 'attachments');

async function listAll(sandbox: Sandbox, path: string, by: Order, size: number): Promise<Row[][]> {
  const call = createCaller(sandbox);
  const pages: Row[][] = [];
  for (let after = ''; pages.length < 100; ) {
    const { json } = await call('GET', `${path}?order=${by}&limit=${size}${after === '' ? '' : `&after=${after}`}`);
    pages.push(json.data);
    expect(json.first_id).toBe(json.data[0]?.id ?? null);
    expect(json.last_id).toBe(json.data.at(-1)?.id ?? null);
    if (!json.has_more) return pages;
    after = json.last_id;
  }
  throw new Error('the list does not end');
}

describe('paging in the sandbox', () => {
  it('returns every row once, in order, for any limit, with an exact has_more', async () => {
    await fc.assert(
      fc.asyncProperty(gaps, order, limit, collection, async (gapsSeconds, by, size, name) => {
        const { sandbox, storeId } = sandboxWith(gapsSeconds);
        const path = name === 'attachments' ? `/vector_stores/${storeId}/files` : name;
        const pages = await listAll(sandbox, path, by, size);
        const { stores, files, attachments } = sandbox.state.snapshot();
        const all = { '/vector_stores': stores, '/files': files }[path] ?? attachments.get(storeId) ?? [];
        const expected = by === 'asc' ? all : all.toReversed();

        expect(pages.flat()).toEqual(expected);
        // Exact: only the last page is short, and it is empty only if there are no rows.
        for (const page of pages.slice(0, -1)) expect(page).toHaveLength(size);
        if (expected.length > 0) expect(pages.at(-1)).not.toHaveLength(0);
        const instants = pages.flat().map((row) => row.created_at);
        expect(instants).toEqual(instants.toSorted((left, right) => (by === 'asc' ? left - right : right - left)));
      }),
      { numRuns: 150 },
    );
  });

  it('returns the rows just before the cursor for `before`, and whether there are more before those', async () => {
    await fc.assert(
      fc.asyncProperty(gaps, order, limit, fc.nat(), async (gapsSeconds, by, size, pick) => {
        fc.pre(gapsSeconds.length > 0);
        const { sandbox, storeId } = sandboxWith(gapsSeconds);
        const rows = sandbox.state.snapshot().attachments.get(storeId) ?? [];
        const expected = by === 'asc' ? rows : rows.toReversed();
        const index = pick % expected.length;
        const { json } = await createCaller(sandbox)(
          'GET',
          `/vector_stores/${storeId}/files?order=${by}&limit=${size}&before=${expected[index]?.id}`,
        );
        expect(json.data).toEqual(expected.slice(Math.max(0, index - size), index));
        expect(json.has_more).toBe(index > size);
      }),
      { numRuns: 100 },
    );
  });

  it('returns the rows in between for `after` and `before` together', async () => {
    const { sandbox, storeId } = sandboxWith([1, 0, 1, 1, 0, 1]);
    const ids = (sandbox.state.snapshot().attachments.get(storeId) ?? []).map((row) => row.id);
    const between = async (query: string): Promise<{ ids: string[]; has_more: boolean }> => {
      const { json } = await createCaller(sandbox)('GET', `/vector_stores/${storeId}/files?${query}`);
      return { ids: json.data.map((row: Row) => row.id), has_more: json.has_more };
    };
    expect(await between(`order=asc&after=${ids[0]}&before=${ids[4]}`)).toEqual({
      ids: ids.slice(1, 4),
      has_more: false,
    });
    expect(await between(`order=asc&after=${ids[0]}&before=${ids[4]}&limit=2`)).toEqual({
      ids: ids.slice(1, 3),
      has_more: true,
    });
    expect(await between(`order=desc&after=${ids[4]}&before=${ids[0]}`)).toEqual({
      ids: ids.slice(1, 4).toReversed(),
      has_more: false,
    });
  });

  it('filters before it splits pages', async () => {
    const { sandbox, storeId } = sandboxWith([1, 1, 1]);
    for (let index = 0; index < 3; index += 1) {
      const file = sandbox.state.createFile({ filename: 'a.exe', content: 'x' });
      sandbox.state.attach({ storeId, fileId: file.id });
    }
    const call = createCaller(sandbox);
    const failed = (await call('GET', `/vector_stores/${storeId}/files?filter=failed&limit=3`)).json;
    expect(failed.data.map((row: { status: string }) => row.status)).toEqual(['failed', 'failed', 'failed']);
    expect(failed.has_more).toBe(false);
    expect((await call('GET', `/vector_stores/${storeId}/files?filter=failed&limit=2`)).json.has_more).toBe(true);
    expect((await call('GET', `/vector_stores/${storeId}/files?filter=in_progress`)).json.data).toEqual([]);
  });

  it('keeps its place while rows are added and removed', async () => {
    const { sandbox, storeId } = sandboxWith([1, 1, 1, 1, 1, 1]);
    const ids = (sandbox.state.snapshot().attachments.get(storeId) ?? []).map((row) => row.id);
    const call = createCaller(sandbox);
    const first = (await call('GET', `/vector_stores/${storeId}/files?order=asc&limit=2`)).json;
    sandbox.state.detach(storeId, ids[0] ?? '');
    sandbox.state.detach(storeId, ids[3] ?? '');
    const late = sandbox.state.createFile({ filename: 'a.txt', content: 'text' });
    sandbox.state.attach({ storeId, fileId: late.id });
    const rest = (await call('GET', `/vector_stores/${storeId}/files?order=asc&after=${first.last_id}`)).json;
    expect(rest.data.map((row: Row) => row.id)).toEqual([ids[2], ids[4], ids[5], late.id]);
  });
});

describe('a cursor whose object was deleted', () => {
  it('is rejected with 400, as an option', async () => {
    const sandbox = createSandbox({ deletedCursor: 'reject' });
    const ids = [0, 1].map(() => sandbox.state.createFile({ filename: 'a.txt', content: 'x' }).id);
    sandbox.state.deleteFile(ids[1] ?? '');
    const answer = await createCaller(sandbox)('GET', `/files?after=${ids[1]}`);
    expect(answer.status).toBe(400);
    expect(answer.json.error).toMatchObject({ param: 'after', type: 'invalid_request_error' });
  });

  it('continues from its former place', async () => {
    const sandbox = createSandbox({ clock: createManualClock(START_MS) });
    const ids = [0, 1, 2, 3].map(() => sandbox.state.createFile({ filename: 'a.txt', content: 'x' }).id);
    sandbox.state.deleteFile(ids[1] ?? '');
    const { json } = await createCaller(sandbox)('GET', `/files?order=asc&after=${ids[1]}`);
    expect(json.data.map((row: Row) => row.id)).toEqual([ids[2], ids[3]]);
    expect((await createCaller(sandbox)('GET', '/files?after=file-never')).status).toBe(400);
  });
});
