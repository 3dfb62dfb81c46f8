import { describe, expect, it } from 'vitest';
import { CursorRefused, type FetchedPage, listPages } from './list-pages.ts';

const scope = { organization: null, project: null };

function page(ids: readonly string[], hasMore: boolean): FetchedPage<string> {
  return { items: ids, hasMore, scope };
}

/** Runs a listing over scripted responses by cursor; a list of responses is used call by call. */
async function run(answer: (after: string | null, call: number) => FetchedPage<string> | 'refused', pagesMax = 50) {
  const cursors: (string | null)[] = [];
  const ids: string[] = [];
  const listing = listPages({
    idOf: (item: string) => item,
    name: 'things',
    pagesMax,
    async fetchPage(after) {
      cursors.push(after);
      const result = answer(after, cursors.length);
      if (result === 'refused') throw new CursorRefused();
      return result;
    },
  });
  let error: unknown = null;
  try {
    for await (const { items } of listing) ids.push(...items);
  } catch (caught) {
    error = caught;
  }
  return { ids, cursors, error };
}

const isMalformed = expect.objectContaining({ name: 'UpstreamError', kind: 'malformed' });

describe('listPages', () => {
  it('follows the last id of each page to the end', async () => {
    const result = await run((after) => (after === null ? page(['a', 'b'], true) : page(['c'], false)));
    expect(result).toEqual({ ids: ['a', 'b', 'c'], cursors: [null, 'b'], error: null });
  });

  it('ends at once on an empty listing', async () => {
    expect(await run(() => page([], false))).toEqual({ ids: [], cursors: [null], error: null });
  });

  it('rejects has_more with an empty page, first or later', async () => {
    expect(await run(() => page([], true))).toMatchObject({ cursors: [null], error: isMalformed });
    const later = await run((after) => (after === null ? page(['a'], true) : page([], true)));
    expect(later).toMatchObject({ cursors: [null, 'a'], error: isMalformed });
  });

  it('rejects a repeated page, as from a server that ignores the cursor', async () => {
    const result = await run(() => page(['a', 'b'], true));
    expect(result).toMatchObject({ cursors: [null, 'b'], error: isMalformed });
  });

  it('rejects a jump back to the top even when the pages there have shifted', async () => {
    const answers = [
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
      ['a', 'c', 'd'],
      ['e', 'f', 'g'],
    ];
    const result = await run((_, call) => page(answers[call - 1] ?? [], true));
    expect(result).toMatchObject({ cursors: [null, 'c', 'f'], error: isMalformed });
  });

  it('rejects a page that begins with its own cursor', async () => {
    const result = await run((after) => (after === null ? page(['a', 'b'], true) : page(['b', 'c'], false)));
    expect(result.error).toEqual(isMalformed);
  });

  it('rejects a page that ends where an earlier one ended', async () => {
    const answers = [
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'b'],
    ];
    const result = await run((_, call) => page(answers[call - 1] ?? [], true));
    expect(result).toMatchObject({ cursors: [null, 'b', 'd'], error: isMalformed });
  });

  it('rejects a listing with more pages than the limit', async () => {
    const result = await run((_, call) => page([`id-${call}`], true), 10);
    expect(result).toMatchObject({ error: isMalformed });
    expect(result.cursors).toHaveLength(10);
  });

  it('restarts from the top when the cursor is rejected, and continues to the end', async () => {
    const result = await run((after, call) => {
      if (after === null) return page(call === 1 ? ['a', 'b'] : ['a', 'c'], true);
      return after === 'b' ? 'refused' : page(['d'], false);
    });
    expect(result).toEqual({ ids: ['a', 'b', 'a', 'c', 'd'], cursors: [null, 'b', null, 'c'], error: null });
  });

  it('restarts at most twice', async () => {
    const result = await run((after) => (after === null ? page(['a'], true) : 'refused'));
    expect(result).toMatchObject({ cursors: [null, 'a', null, 'a', null, 'a'], error: isMalformed });
  });

  it('does not treat a rejection of the first page as one of the cursor', async () => {
    const result = await run(() => 'refused');
    expect(result.cursors).toEqual([null]);
    expect(result.error).toBeInstanceOf(CursorRefused);
  });

  it('does not accept an empty last page at once, because a server that lost the cursor also sends one', async () => {
    const result = await run((after, call) => {
      if (after === null) return page(['a'], true);
      if (after === 'a') return call === 2 ? page([], false) : page(['b'], false);
      return page([], false);
    });
    expect(result).toEqual({ ids: ['a', 'a', 'b'], cursors: [null, 'a', null, 'a'], error: null });
  });

  it('accepts an empty last page the second time, because some servers derive has_more from a full page', async () => {
    const result = await run((after) => (after === null ? page(['a'], true) : page([], false)));
    expect(result).toEqual({ ids: ['a', 'a'], cursors: [null, 'a', null, 'a'], error: null });
  });

  describe('listPages with rows that could not be read', () => {
    const faulty = (
      ids: readonly string[],
      hasMore: boolean,
      faults: readonly string[],
      ends: FetchedPage<string>['ends'],
    ) => ({
      ...page(ids, hasMore),
      faults,
      ends,
    });

    it('pages on by the ids as sent, gives all other rows, and then names the unread ones in its error', async () => {
      const result = await run((after) =>
        after === null
          ? faulty(['a'], true, ["'b' (no date)"], { firstId: 'a', lastId: 'b' })
          : after === 'b'
            ? faulty([], true, ["'c' (no date)"], { firstId: 'c', lastId: 'c' })
            : page(['d'], false),
      );
      expect(result).toMatchObject({ ids: ['a', 'd'], cursors: [null, 'b', 'c'], error: isMalformed });
      expect(String(result.error)).toMatch(/list of things .*'b' \(no date\); 'c' \(no date\).* nothing is removed/);
    });

    it('names ten and counts the rest', async () => {
      const faults = Array.from({ length: 12 }, (_, i) => `row ${i + 1}`);
      const { error } = await run(() => faulty(['a'], false, faults, undefined));
      expect(String(error)).toContain('row 10; and 2 more.');
    });

    it('stops when the next page cannot be requested', async () => {
      const result = await run(() => faulty(['a'], true, ['row 2'], { firstId: 'a', lastId: null }));
      expect(result).toMatchObject({ cursors: [null], error: isMalformed });
    });

    it('stops at a repeated page, and does not continue a list that is wrong as a whole', async () => {
      const again = await run(() => faulty([], true, ['row 1'], { firstId: 'a', lastId: 'b' }));
      expect(again).toMatchObject({ cursors: [null, 'b'], error: isMalformed });
      const faults = Array.from({ length: 1001 }, (_, i) => `row ${i}`);
      const wrong = await run((_, call) => faulty([], true, faults, { firstId: `${call}`, lastId: `${call}` }));
      expect(wrong).toMatchObject({ cursors: [null], error: isMalformed });
    });
  });

  it('throws any other failure unchanged, once', async () => {
    const failure = new Error('unavailable');
    let calls = 0;
    const listing = listPages<string>({
      idOf: (item) => item,
      name: 'things',
      pagesMax: 10,
      fetchPage: async () => {
        calls++;
        throw failure;
      },
    });
    await expect(listing.next()).rejects.toBe(failure);
    expect(calls).toBe(1);
    expect(await listing.next()).toEqual({ done: true, value: undefined });
  });
});
