import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readAhead } from './read-ahead.ts';

/** A listing of three pages that records its requests, and how its signal ended. */
function script(failAt = 99) {
  const asked: number[] = [];
  let given: AbortSignal | undefined;
  async function* listing(signal: AbortSignal) {
    given = signal;
    for (let page = 1; page <= 3; page += 1) {
      asked.push(page);
      await turn();
      signal.throwIfAborted();
      if (page === failAt) throw new Error(`page ${page} failed`);
      yield page;
    }
  }
  return { asked, listing, signal: () => given };
}

describe('readAhead', () => {
  it('gives every page in order and requests each once', async () => {
    const { asked, listing } = script();
    const pages: number[] = [];
    for await (const page of readAhead(listing, undefined)) pages.push(page);
    expect({ pages, asked }).toEqual({ pages: [1, 2, 3], asked: [1, 2, 3] });
  });

  it('requests nothing until it is read, then one page more than was read', async () => {
    const { asked, listing } = script();
    const pages = readAhead(listing, undefined);
    await turn();
    expect(asked).toEqual([]);
    await pages.next();
    await turn();
    await turn();
    expect(asked).toEqual([1, 2]);
    await pages.return();
  });

  it('throws a failure only when its page is due, without an unhandled rejection before', async () => {
    const { listing } = script(2);
    const pages: number[] = [];
    const read = async () => {
      for await (const page of readAhead(listing, undefined)) {
        await turn();
        await turn();
        await turn();
        pages.push(page);
      }
    };
    await expect(read()).rejects.toThrow('page 2 failed');
    expect(pages).toEqual([1]);
  });

  it('aborts the running request when the consumer leaves', async () => {
    const { asked, listing, signal } = script();
    for await (const _ of readAhead(listing, undefined)) break;
    expect(signal()?.aborted).toBe(true);
    await turn();
    await turn();
    expect(asked).toEqual([1, 2]);
  });

  it('ends with the reason of the signal, whether it was aborted before or during the listing', async () => {
    const before = script();
    const reason = new Error('stopped');
    await expect(readAhead(before.listing, AbortSignal.abort(reason)).next()).rejects.toBe(reason);
    const onTheWay = script();
    const controller = new AbortController();
    const pages = readAhead(onTheWay.listing, controller.signal);
    await pages.next();
    controller.abort(reason);
    await expect(pages.next()).rejects.toBe(reason);
  });
});
