import type { Repositories } from '@espejo/db';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMirrorWriter, type MirrorWrite } from './mirror-writer.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
// These tests write without a repository.
const tx = {} as Repositories;

/** A writer whose commits yield once and may fail. */
function setUp(options: { failAt?: number } = {}) {
  const written: string[] = [];
  const commitSizes: number[] = [];
  let underWay = 0;
  let mostUnderWay = 0;
  const failure = new Error('disk full');
  const writer = createMirrorWriter(async (writes) => {
    underWay += 1;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    commitSizes.push(writes.length);
    await turn();
    underWay -= 1;
    if (commitSizes.length === options.failAt) throw failure;
    for (const write of writes) await write(tx);
  });
  const write =
    (label: string): MirrorWrite =>
    async () => {
      written.push(label);
    };
  return { writer, write, written, commitSizes, failure, mostUnderWay: () => mostUnderWay };
}

const producers = fc.array(fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 12 }), {
  minLength: 1,
  maxLength: 4,
});

describe('the mirror writer', () => {
  it('writes everything once, in the order of each listing, one transaction at a time', async () => {
    await fc.assert(
      fc.asyncProperty(producers, async (listings) => {
        const { writer, write, written, mostUnderWay } = setUp();
        await Promise.all(
          listings.map(async (rowCounts, listing) => {
            for (const [at, rowCount] of rowCounts.entries()) await writer.push(rowCount, write(`${listing}:${at}`));
          }),
        );
        await writer.flush();
        expect(written).toHaveLength(listings.flat().length);
        for (const [listing, rowCounts] of listings.entries()) {
          const own = written.filter((label) => label.startsWith(`${listing}:`));
          expect(own).toEqual(rowCounts.map((_, at) => `${listing}:${at}`));
        }
        expect(mostUnderWay()).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  it('combines small writes into far fewer transactions', async () => {
    const { writer, write, commitSizes } = setUp();
    for (let n = 0; n < 1_000; n += 1) await writer.push(10, write(String(n)));
    await writer.flush();
    expect(commitSizes.length).toBeLessThanOrEqual(10);
  });

  it('makes a fast listing wait for a slow disk: its buffer is bounded', async () => {
    const gate = Promise.withResolvers<void>();
    let gathered = 0;
    const writer = createMirrorWriter(() => gate.promise);
    const listing = (async () => {
      for (let n = 0; n < 1_000; n += 1) {
        await writer.push(100, async () => undefined);
        gathered += 100;
      }
    })();
    for (let n = 0; n < 2_000; n += 1) await Promise.resolve();
    await turn();
    expect(gathered).toBeLessThanOrEqual(20_000);
    gate.resolve();
    await listing;
    await writer.flush();
    expect(gathered).toBe(100_000);
  });

  it('throws an error to every later caller, and writes nothing more', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), async (failAt) => {
        const { writer, write, commitSizes, failure } = setUp({ failAt });
        const listing = (async () => {
          for (let n = 0; n < 200; n += 1) await writer.push(900, write(String(n)));
        })();
        await expect(listing).rejects.toBe(failure);
        await expect(writer.push(1, write('late'))).rejects.toBe(failure);
        await expect(writer.flush()).rejects.toBe(failure);
        expect(commitSizes).toHaveLength(failAt);
      }),
      { numRuns: 6 },
    );
  });

  it('has nothing to flush at first, nor after a flush', async () => {
    const { writer, write, commitSizes } = setUp();
    await writer.flush();
    await writer.push(1, write('a'));
    await writer.flush();
    await writer.flush();
    expect(commitSizes).toEqual([1]);
  });
});
