import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NumberedWords } from '../../words/word-stream.ts';
import { createBlockCache } from '../memory/block-cache.ts';
import { occurrenceByte } from '../postings/occurrence-byte.ts';
import { visitPostings } from '../postings/posting-list.ts';
import { createSegmentReader } from './read-segments.ts';
import { createWordTables, FORMAT, SCHEMA, wordTables } from './schema.ts';
import { createSegmentWriter, removeFromSegments } from './write-segments.ts';

const tables = wordTables(FORMAT).segments ?? { segments: '', blocks: '' };
/** Small, so that files are split and merged segments reach it. */
const POSTINGS_MAX = 60;

/** A few words that many chunks have, some that few have, at both ends of the range of hashes. */
const anyHash = fc.oneof(
  fc.integer({ min: 0, max: 5 }),
  fc.integer({ min: 0xfffffff0, max: 0xffffffff }),
  fc.integer({ min: 0, max: 0xffffffff }),
);
const anyChunk = fc.array(anyHash, { maxLength: 20 });

type Step =
  | { readonly do: 'write'; readonly chunks: number[][]; readonly gap: number }
  | { readonly do: 'remove'; readonly at: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({ chunks: fc.array(anyChunk, { maxLength: 8 }), gap: fc.constantFrom(0, 0, 1, 5000) })
      .map((file): Step => ({ do: 'write', ...file })),
  },
  { weight: 2, arbitrary: fc.nat({ max: 100 }).map((at): Step => ({ do: 'remove', at })) },
);

let generation = 0;

/** Like the words of a text, numbered again for every text. */
function numbered(hashes: readonly number[]): NumberedWords {
  generation += 1;
  const known = [...new Set(hashes)];
  const numbers = Int32Array.from(hashes, (hash) => known.indexOf(hash));
  return { numbers, count: hashes.length, hashes: Uint32Array.from(known), generation };
}

/** The expected postings of each word, from a plain pass over the existing chunks. */
function expectedOf(chunks: ReadonlyMap<number, number[]>): Map<number, [number, number][]> {
  const postings = new Map<number, [number, number][]>();
  for (const [id, words] of chunks) {
    for (const hash of new Set(words)) {
      const count = words.filter((word) => word === hash).length;
      postings.set(hash, [...(postings.get(hash) ?? []), [id, occurrenceByte(count, words.length)]]);
    }
  }
  return postings;
}

describe('the segments of a store', () => {
  it.each([
    ['kept in memory', 2 ** 20],
    ['read again each time', 0],
  ])('have each word of each existing chunk, after any history, with blocks %s', (_, cacheBytes) => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
        const database = new Sqlite(':memory:');
        database.exec(SCHEMA);
        createWordTables(database);
        const reader = createSegmentReader(database, tables, createBlockCache(cacheBytes));
        const files: { firstId: number; count: number }[] = [];
        const chunks = new Map<number, number[]>();
        let nextId = 1;
        for (const step of steps) {
          if (step.do === 'write') {
            nextId += step.gap;
            const writer = createSegmentWriter(database, tables, POSTINGS_MAX);
            for (const [at, words] of step.chunks.entries()) {
              writer.add(nextId + at, numbered(words));
              chunks.set(nextId + at, words);
            }
            writer.finish();
            const count = step.chunks.length;
            files.push({ firstId: nextId, count });
            database.prepare(`INSERT INTO file VALUES (?, '', '{}', ?, ?, 0)`).run(String(nextId), nextId, count);
            nextId += Math.max(1, count);
          } else {
            const [file] = files.splice(step.at % Math.max(1, files.length), 1);
            if (file === undefined) continue;
            database.prepare('DELETE FROM file WHERE first_id = ?').run(file.firstId);
            removeFromSegments(database, tables, file.firstId, file.firstId + file.count - 1);
            for (let id = file.firstId; id < file.firstId + file.count; id += 1) chunks.delete(id);
          }
          reader.changed();
          const segments = reader.segments();
          for (const [at, { firstId }] of segments.entries()) {
            expect(firstId).toBeGreaterThanOrEqual(segments[at - 1]?.endId ?? 1);
          }
          for (const [hash, expected] of [...expectedOf(chunks), [17, []] as const]) {
            const found: [number, number][] = [];
            for (const { firstId, hasDead, find } of segments) {
              const list = find(hash);
              if (list === null) continue;
              let count = 0;
              visitPostings(list, (place, occurrence) => {
                count += 1;
                if (chunks.has(firstId + place)) found.push([firstId + place, occurrence]);
                else expect(hasDead).toBe(true);
              });
              expect(list.count).toBe(count);
            }
            if (hash !== 17 || expected.length > 0) expect(found).toEqual(expected);
          }
        }
        // Nothing is left of removed chunks, and an empty store has no segment.
        const blockCount = database.prepare(`SELECT count(*) FROM ${tables.blocks}`).pluck().get();
        if (chunks.size === 0) expect([reader.segments(), blockCount]).toEqual([[], 0]);
        database.close();
      }),
      { numRuns: 60 },
    );
  });

  it('stay few, however many files are written one by one', () => {
    const database = new Sqlite(':memory:');
    database.exec(SCHEMA);
    createWordTables(database);
    for (let id = 1; id <= 2000; id += 1) {
      const writer = createSegmentWriter(database, tables);
      writer.add(id, numbered(Array.from({ length: 1 + (id % 30) }, (_, at) => at * 7919)));
      writer.finish();
    }
    const count = database.prepare<[], number>(`SELECT count(*) FROM ${tables.segments}`).pluck().get();
    expect(count).toBeLessThanOrEqual(24);
    database.close();
  });
});
