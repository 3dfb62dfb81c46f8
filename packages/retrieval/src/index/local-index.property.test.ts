import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attributes } from '@espejo/core';
import { anyAttributes, anyFilter } from '@espejo/core/testing/filters';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UNCALIBRATED } from '../search/calibration.ts';
import { createMemoryIndex } from '../testing/memory-index.ts';
import { createLocalIndex, type LocalIndex } from './local-index.ts';
import type { IndexedFile, IndexHit, IndexQuery, VectorIndex } from './port.ts';

const MODEL = { fingerprint: 'm', dimensions: 8 };
/** Flat at both ends: several cosines give the same score. */
const STEEP = [
  [0.2, 0],
  [0.6, 1],
] as const;
const WORDS = ['apple', 'pear', 'Bär', 'schläft', '42', 'x', 'naïve', 'зима', 'E-12', '東京タワー', 'ยาดี'];

/** Four of eight places are ±1/2: of unit length, exact in every arithmetic, and often equally near. */
const anyVector: fc.Arbitrary<Float32Array> = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 4, maxLength: 4 }),
    fc.integer({ min: 0, max: 15 }),
  )
  .map(([places, signs]) => {
    const vector = new Float32Array(8);
    for (const [index, place] of places.entries()) vector[place] = signs & (1 << index) ? 0.5 : -0.5;
    return vector;
  });
const anyText = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
const anyFileId = fc.integer({ min: 0, max: 7 }).map((n) => `f${n}`);

const anyFile: fc.Arbitrary<IndexedFile> = fc.record({
  fileId: anyFileId,
  filename: fc.constant('a.txt'),
  attributes: anyAttributes,
  chunks: fc.array(fc.tuple(anyText, anyVector), { maxLength: 5 }).map((chunks) =>
    chunks.map(([text, vector], ordinal) => {
      const place = { startOffset: 0, endOffset: text.length, page: null, line: 1 };
      return { ordinal, text, tokenCount: 1, ...place, vector };
    }),
  ),
});

type Step =
  | { do: 'upsert'; file: IndexedFile }
  | { do: 'remove'; fileId: string }
  | { do: 'attributes'; fileId: string; attributes: Attributes }
  | { do: 'close' }
  | { do: 'search'; query: IndexQuery };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: anyFile.map((file): Step => ({ do: 'upsert', file })) },
  { weight: 1, arbitrary: anyFileId.map((fileId): Step => ({ do: 'remove', fileId })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyFileId, anyAttributes)
      .map(([fileId, attributes]): Step => ({ do: 'attributes', fileId, attributes })),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'close' }) },
  {
    weight: 5,
    arbitrary: fc
      .record({
        texts: fc.array(anyText, { maxLength: 2 }),
        vectors: fc.array(anyVector, { maxLength: 2 }),
        filter: fc.option(anyFilter, { nil: null }),
        embeddingWeight: fc.constantFrom(0, 0.3, 1),
        textWeight: fc.constantFrom(0, 0.5, 1),
        calibration: fc.constantFrom(UNCALIBRATED, STEEP),
        limit: fc.constantFrom(1, 3, 60),
      })
      .map((query): Step => ({ do: 'search', query })),
  },
);

async function take(index: VectorIndex, storeId: string, step: Exclude<Step, { do: 'search' }>): Promise<void> {
  if (step.do === 'upsert') await index.upsertFile(storeId, step.file);
  else if (step.do === 'remove') await index.removeFile(storeId, step.fileId);
  else if (step.do === 'close') await index.close(storeId);
  else
    await index.setAttributes(storeId, step.fileId, step.attributes).catch((error: { code?: string }) => {
      expect(error.code).toBe('file_not_found');
    });
}

/** What two indexes must agree on, up to the last digit, which depends on the order of addition. */
const shown = (hit: IndexHit) => ({
  ...hit,
  score: hit.score.toFixed(6),
  vectorScore: hit.vectorScore?.toFixed(6) ?? null,
  cosine: hit.cosine?.toFixed(6) ?? null,
  textScore: hit.textScore?.toFixed(6) ?? null,
});

describe.each([
  { name: 'with every vector in memory', memoryBytesMax: 2 ** 24, exactRowsMax: 1000 },
  { name: 'with no room for vectors', memoryBytesMax: 0, exactRowsMax: 1000 },
])('a local index $name', ({ memoryBytesMax, exactRowsMax }) => {
  let folder: string;
  let index: LocalIndex;
  let stores = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'index-'));
    const newToken = () => `token-${stores}`;
    index = createLocalIndex({ folder, workerCount: 1, memoryBytesMax, openStoresMax: 4, newToken, exactRowsMax });
  });
  afterAll(async () => {
    await index.closeAll();
    await rm(folder, { recursive: true, force: true });
  });

  it('answers like a full comparison, after any history and for any filter', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 4, maxLength: 24 }), async (steps) => {
        const oracle = createMemoryIndex();
        const storeId = `vs_${++stores}`;
        await Promise.all([oracle.open(storeId, MODEL), index.open(storeId, MODEL)]);
        for (const step of steps) {
          if (step.do !== 'search') {
            await take(oracle, storeId, step);
            await take(index, storeId, step);
            continue;
          }
          const [expected, actual] = [
            await oracle.search(storeId, step.query),
            await index.search(storeId, step.query),
          ];
          expect(actual.map(shown)).toEqual(expected.map(shown));
        }
        const stats = async (of: VectorIndex) => ({ ...(await of.stats(storeId)), diskBytes: 0 });
        expect(await stats(index)).toEqual(await stats(oracle));
        await index.drop(storeId);
      }),
      { numRuns: 60 },
    );
  });
});
