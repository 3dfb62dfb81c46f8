import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UNCALIBRATED } from '../search/calibration.ts';
import type { IndexedFile, IndexQuery, VectorIndex } from './port.ts';

const MODEL = { fingerprint: 'm1', dimensions: 4 };

/** A file with one chunk per text; each vector points along one axis, so that the nearest is obvious. */
function fileOf(
  fileId: string,
  chunks: readonly (readonly [text: string, axis: number])[],
  attributes: IndexedFile['attributes'] = {},
): IndexedFile {
  let offset = 0;
  return {
    fileId,
    filename: `${fileId}.txt`,
    attributes,
    chunks: chunks.map(([text, axis], ordinal) => {
      const startOffset = offset;
      offset += text.length;
      const place = { startOffset, endOffset: offset, page: ordinal === 0 ? null : ordinal, line: ordinal + 1 };
      return { ordinal, text, tokenCount: text.split(' ').length, ...place, vector: axisVector(axis) };
    }),
  };
}

function axisVector(axis: number, dimensions = MODEL.dimensions): Float32Array {
  const vector = new Float32Array(dimensions);
  vector[axis] = 1;
  return vector;
}

function queryOf(part: Partial<IndexQuery>): IndexQuery {
  return {
    texts: [],
    vectors: [],
    filter: null,
    embeddingWeight: 1,
    textWeight: 1,
    calibration: UNCALIBRATED,
    limit: 10,
    ...part,
  };
}

/** What every index guarantees. */
export function describeVectorIndex(
  name: string,
  start: () => Promise<{ index: VectorIndex; stop(): Promise<void> }>,
): void {
  describe(`${name} is a VectorIndex`, () => {
    let index: VectorIndex;
    let stop: () => Promise<void>;

    beforeEach(async () => {
      ({ index, stop } = await start());
      await index.open('vs_1', MODEL);
    });
    afterEach(() => stop());

    const found = async (part: Partial<IndexQuery>): Promise<string[]> =>
      (await index.search('vs_1', queryOf(part))).map((hit) => `${hit.fileId}/${hit.ordinal}`);

    it('keeps stores with the same id in the folders of two owners apart', async () => {
      for (const owner of ['first', 'second']) {
        await index.open(`${owner}/vs_1`, MODEL);
        await index.upsertFile(`${owner}/vs_1`, fileOf('f1', [[`${owner} words`, 0]]));
      }
      const textsOf = async (storeId: string) =>
        (await index.search(storeId, queryOf({ texts: ['words'] }))).map((hit) => hit.text);
      expect(await textsOf('first/vs_1')).toEqual(['first words']);
      await index.setAttributes('first/vs_1', 'f1', { v: 2 });
      await index.removeFile('first/vs_1', 'f1');
      await index.drop('first/vs_1');
      expect(await textsOf('second/vs_1')).toEqual(['second words']);
      expect((await index.search('second/vs_1', queryOf({ texts: ['words'] })))[0]?.attributes).toEqual({});
      expect(await textsOf('vs_1')).toEqual([]);
      await expect(index.stats('first/vs_1')).rejects.toMatchObject({ code: 'store_not_found' });
    });

    it('finds by vector, best first, with all details of a chunk', async () => {
      const file = fileOf(
        'f1',
        [
          ['red', 0],
          ['green apple', 1],
        ],
        { lang: 'en' },
      );
      expect(await index.upsertFile('vs_1', file)).toEqual({ chunkCount: 2, usageBytes: 14 + 2 * 16 });
      const query = new Float32Array([0.6, 0.8, 0, 0]);
      expect(await index.search('vs_1', queryOf({ vectors: [query], limit: 1 }))).toEqual([
        {
          fileId: 'f1',
          filename: 'f1.txt',
          attributes: { lang: 'en' },
          ordinal: 1,
          text: 'green apple',
          startOffset: 3,
          endOffset: 14,
          page: 1,
          line: 2,
          score: expect.closeTo(0.8, 5),
          vectorScore: expect.closeTo(0.8, 5),
          cosine: expect.closeTo(0.8, 5),
          textScore: null,
        },
      ]);
    });

    it('finds by words, of any case and accent, and treats nothing in a query as an operator', async () => {
      await index.upsertFile(
        'vs_1',
        fileOf('f1', [
          ['Der Bär schläft', 0],
          ['NEAR the river', 1],
          ['nothing', 2],
          ['more', 2],
          ['much', 2],
        ]),
      );
      expect(await found({ texts: ['bar'] })).toEqual(['f1/0']);
      expect(await found({ texts: ['BÄR'] })).toEqual(['f1/0']);
      expect(await found({ texts: ['river NEAR(" OR * ) AND -col:'] })).toEqual(['f1/1']);
      for (const text of ['', ' ', '"', '*', '()', '\u0000', '^a', "';--"])
        expect(await found({ texts: [text] })).toEqual([]);
    });

    it('combines vectors and words: a chunk that matches both comes first, with both scores', async () => {
      await index.upsertFile(
        'vs_1',
        fileOf('f1', [
          ['apple', 0],
          ['pear', 0],
          ['apple', 3],
          ['x', 2],
          ['y', 2],
          ['z', 2],
        ]),
      );
      const query = queryOf({ texts: ['pear'], vectors: [axisVector(0)], limit: 2 });
      const [first, second] = await index.search('vs_1', query);
      expect(first).toMatchObject({ ordinal: 1, vectorScore: 1, cosine: 1, textScore: expect.any(Number) });
      expect(second).toMatchObject({
        ordinal: 0,
        vectorScore: 1,
        textScore: 0,
        score: expect.closeTo(Math.SQRT1_2, 6),
      });
      expect(first?.textScore).toBeGreaterThan(0.8);
      expect(first?.score).toBeLessThanOrEqual(1);
      expect(await found({ ...query, textWeight: 0, limit: 1 })).toEqual(['f1/0']);
      expect(await found({ ...query, embeddingWeight: 0 })).toEqual(['f1/1']);
    });

    it('finds a word in a store of one file, and finds nothing for unknown words', async () => {
      await index.upsertFile('vs_1', fileOf('f1', [['thirty days of paid leave', 0]]));
      const words = (text: string) => index.search('vs_1', queryOf({ texts: [text] }));
      const [hit] = await words('paid leave');
      expect(hit?.score).toBeGreaterThan(0.8);
      expect(await words('xqzvb bnmwpt')).toEqual([]);
    });

    it('does not lower the score of a hit because of a second query that finds nothing', async () => {
      await index.upsertFile('vs_1', fileOf('f1', [['thirty days of paid leave', 0]]));
      const alone = await index.search('vs_1', queryOf({ texts: ['paid leave'], vectors: [axisVector(0)] }));
      const both = { texts: ['paid leave', 'xqzvb bnmwpt'], vectors: [axisVector(0), axisVector(3)] };
      expect(await index.search('vs_1', queryOf(both))).toEqual(alone);
    });

    it('scores by a calibrated cosine', async () => {
      await index.upsertFile('vs_1', fileOf('f1', [['a', 0]]));
      const calibration = [
        [0.5, 0],
        [0.7, 1],
      ] as const;
      const scoreOf = async (x: number) =>
        (
          await index.search(
            'vs_1',
            queryOf({ vectors: [new Float32Array([x, Math.sqrt(1 - x * x), 0, 0])], calibration }),
          )
        )[0];
      expect(await scoreOf(0.4)).toMatchObject({ score: 0, vectorScore: 0, cosine: expect.closeTo(0.4, 5) });
      expect(await scoreOf(0.6)).toMatchObject({ score: expect.closeTo(0.5, 5) });
      expect(await scoreOf(0.8)).toMatchObject({ score: 1 });
    });

    it.each([
      ['Thai', 'ลูกค้าสามารถขอคืนเงินภายในสามสิบวัน', 'คืนเงิน'],
      ['Khmer', 'អតិថិជនអាចស្នើសុំសំណងវិញ', 'សំណង'],
      ['Chinese', '退货申请须在三十天内办理。', '退货申请'],
      ['Japanese', 'しりとりは日本の言葉遊びです。', 'しりとり'],
      ['Korean with a particle', '끝말잇기는 낱말 놀이이다.', '끝말잇기'],
      ['pointed Hebrew', 'הַחְזָרַת מוּצָר תּוֹךְ שְׁלוֹשִׁים יוֹם', 'החזרת מוצר'],
      ['vowelled Arabic', 'يُمْكِنُ إِرْجَاعُ البِضَاعَةِ', 'إرجاع البضاعة'],
      ['Persian without joiners', 'می‌خواهم کتاب را بخوانم', 'میخواهم'],
      ['Hindi', 'ग्राहक तीस दिनों में वापसी कर सकते हैं।', 'वापसी'],
      ['German with ss', 'Die Hauptstraße ist gesperrt.', 'hauptstrasse'],
      ['full width', 'Ｍｏｄｅｌ ＡＢＣ１２３ is discontinued.', 'ABC123'],
      ['soft hyphens', 'Die Donau\u00addampf\u00adschiff\u00adfahrt ruht.', 'Donaudampfschifffahrt'],
      ['zero-width spaces', 'The dash\u200bboard key is in the safe\u200b.', 'dashboard safe'],
      ['ligatures', 'The oﬃce of the ﬁnance department.', 'office finance'],
      ['an identifier', 'Die Rechnung RE-2024/0815_b liegt bei.', 're-2024'],
    ])('finds by words: %s', async (_, text, query) => {
      await index.upsertFile(
        'vs_1',
        fileOf('f1', [
          ['Another text about shipping.', 0],
          [text, 1],
        ]),
      );
      const hits = await index.search('vs_1', queryOf({ texts: [query] }));
      expect(hits.map(({ ordinal }) => ordinal)).toEqual([1]);
      expect(hits[0]?.score).toBeGreaterThan(0.35);
    });

    it('searches for several queries at once', async () => {
      await index.upsertFile(
        'vs_1',
        fileOf('f1', [
          ['a', 0],
          ['b', 1],
          ['c', 2],
        ]),
      );
      expect((await found({ vectors: [axisVector(2), axisVector(0)], limit: 2 })).sort()).toEqual(['f1/0', 'f1/2']);
    });

    it('filters before it ranks', async () => {
      for (let n = 0; n < 30; n += 1) await index.upsertFile('vs_1', fileOf(`near${n}`, [['apple', 0]], { n }));
      await index.upsertFile('vs_1', fileOf('far', [['apple juice and more words', 1]], { n: 99 }));
      const filter = { type: 'gte', key: 'n', value: 50 } as const;
      expect(await found({ vectors: [axisVector(0)], filter, limit: 3 })).toEqual(['far/0']);
      expect(await found({ texts: ['apple'], filter, limit: 3 })).toEqual(['far/0']);
      expect(await found({ vectors: [axisVector(0)], filter: { type: 'eq', key: 'none', value: 1 } })).toEqual([]);
    });

    it('applies new attributes at once', async () => {
      await index.upsertFile('vs_1', fileOf('f1', [['a', 0]], { lang: 'en' }));
      await index.setAttributes('vs_1', 'f1', { lang: 'de' });
      const hits = await index.search(
        'vs_1',
        queryOf({ vectors: [axisVector(0)], filter: { type: 'eq', key: 'lang', value: 'de' } }),
      );
      expect(hits.map((hit) => hit.attributes)).toEqual([{ lang: 'de' }]);
      await expect(index.setAttributes('vs_1', 'f2', {})).rejects.toMatchObject({ code: 'file_not_found' });
    });

    it('replaces a file, and removes it completely', async () => {
      await index.upsertFile(
        'vs_1',
        fileOf('f1', [
          ['old words', 0],
          ['old', 1],
        ]),
      );
      await index.upsertFile('vs_1', fileOf('f2', [['other', 1]]));
      await index.upsertFile('vs_1', fileOf('f1', [['new words', 2]]));
      expect(await found({ texts: ['old'] })).toEqual([]);
      expect(await found({ vectors: [axisVector(2)], limit: 1 })).toEqual(['f1/0']);
      expect((await found({ vectors: [axisVector(0)] })).sort()).toEqual(['f1/0', 'f2/0']);
      expect(await index.stats('vs_1')).toMatchObject({ fileCount: 2, chunkCount: 2, usageBytes: 14 + 32, ...MODEL });
      await index.removeFile('vs_1', 'f1');
      await index.removeFile('vs_1', 'f1');
      expect(await found({ vectors: [axisVector(2)] })).toEqual(['f2/0']);
      expect(await found({ texts: ['new'] })).toEqual([]);
      expect(await index.listFiles('vs_1')).toEqual([{ fileId: 'f2', chunkCount: 1, usageBytes: 5 + 16 }]);
    });

    it('keeps a file without chunks', async () => {
      expect(await index.upsertFile('vs_1', fileOf('f0', []))).toEqual({ chunkCount: 0, usageBytes: 0 });
      await index.upsertFile('vs_1', fileOf('f1', [['a', 0]]));
      expect(await index.listFiles('vs_1')).toHaveLength(2);
      expect(await found({ vectors: [axisVector(0)] })).toEqual(['f1/0']);
    });

    it('lists chunks in reading order, in pages', async () => {
      const file = fileOf(
        'f1',
        ['a', 'b', 'c', 'd', 'e'].map((text) => [text, 0] as const),
      );
      await index.upsertFile('vs_1', file);
      const first = await index.listChunks('vs_1', 'f1', { after: null, limit: 2 });
      const { vector: _, ...chunk } = file.chunks[0] ?? { vector: null };
      expect(first.chunks[0]).toEqual(chunk);
      expect(first.totalCount).toBe(5);
      const rest = await index.listChunks('vs_1', 'f1', { after: 1, limit: 10 });
      expect([...first.chunks, ...rest.chunks].map(({ text }) => text).join('')).toBe('abcde');
      expect(await index.listChunks('vs_1', 'none', { after: null, limit: 2 })).toEqual({ chunks: [], totalCount: 0 });
    });

    it('rejects vectors that are not unit vectors of its dimensions, and keeps what it had', async () => {
      await index.upsertFile('vs_1', fileOf('f1', [['a', 0]]));
      for (const bad of [
        [Number.NaN, 0, 0, 1],
        [0, 0, 0, 0],
        [2, 0, 0, 0],
        [1, 0, 0],
        [1, 0, 0, 0, 0],
      ]) {
        const file = fileOf('f1', [['b', 0]]);
        const chunks = file.chunks.map((chunk) => ({ ...chunk, vector: new Float32Array(bad) }));
        await expect(index.upsertFile('vs_1', { ...file, chunks })).rejects.toMatchObject({ code: 'invalid_vector' });
      }
      const query = queryOf({ vectors: [new Float32Array(3)] });
      await expect(index.search('vs_1', query)).rejects.toMatchObject({ code: 'invalid_vector' });
      expect(await found({ texts: ['a'] })).toEqual(['f1/0']);
    });

    it('keeps stores apart, and removes a dropped one', async () => {
      await index.open('vs_2', MODEL);
      await index.upsertFile('vs_1', fileOf('f1', [['a', 0]]));
      await index.upsertFile('vs_2', fileOf('f2', [['a', 0]]));
      expect(await found({ texts: ['a'], vectors: [axisVector(0)] })).toEqual(['f1/0']);
      await index.drop('vs_1');
      await index.drop('vs_1');
      await expect(index.search('vs_1', queryOf({ texts: ['a'] }))).rejects.toMatchObject({ code: 'store_not_found' });
      await index.open('vs_1', { fingerprint: 'm2', dimensions: 3 });
      expect(await found({ texts: ['a'] })).toEqual([]);
      expect((await index.search('vs_2', queryOf({ vectors: [axisVector(0)] }))).map((hit) => hit.fileId)).toEqual([
        'f2',
      ]);
    });

    it('rejects another model than it was made for', async () => {
      await index.open('vs_1', MODEL);
      await expect(index.open('vs_1', { ...MODEL, fingerprint: 'm2' })).rejects.toMatchObject({ code: 'other_model' });
      await expect(index.open('vs_1', { ...MODEL, dimensions: 8 })).rejects.toMatchObject({ code: 'other_model' });
    });

    it.each([
      '',
      '.',
      '..',
      '../x',
      'a/b/c',
      'a/../b',
      '/b',
      'a//b',
      './b',
      'a/',
      'a\\b',
      'a.db',
      'a\u0000',
      '-x',
      'a'.repeat(129),
      'CON:',
    ])('rejects the store id %j', async (storeId) => {
      await expect(index.open(storeId, MODEL)).rejects.toMatchObject({ code: 'invalid_store_id' });
    });

    it('is re-embedded with another model while it serves the old vectors, and loses no write', async () => {
      for (let n = 0; n < 5; n += 1) await index.upsertFile('vs_1', fileOf(`f${n}`, [[`t${n}`, n % 4]]));
      const next = { fingerprint: 'm2', dimensions: 8 };
      let calls = 0;
      await index.reembed('vs_1', next, async (texts) => {
        calls += 1;
        if (calls === 1) {
          expect(await found({ vectors: [axisVector(1)], limit: 1 })).toEqual(['f1/0']);
          await index.upsertFile('vs_1', fileOf('late', [['t6', 0]]));
          await index.upsertFile('vs_1', fileOf('f2', [['t7', 0]]));
          await index.removeFile('vs_1', 'f3');
        }
        return texts.map((text) => axisVector(Number(text.slice(1)), 8));
      });
      await index.open('vs_1', next);
      const nearest = async (axis: number) => (await found({ vectors: [axisVector(axis, 8)], limit: 1 }))[0];
      expect([await nearest(0), await nearest(1), await nearest(6), await nearest(7)]).toEqual([
        'f0/0',
        'f1/0',
        'late/0',
        'f2/0',
      ]);
      expect((await found({ vectors: [axisVector(3, 8)] })).sort()).toEqual(['f0/0', 'f1/0', 'f2/0', 'f4/0', 'late/0']);
      expect(await found({ texts: ['t6'] })).toEqual(['late/0']);
      expect(await index.stats('vs_1')).toMatchObject({ ...next, chunkCount: 5 });
    });

    it('keeps its vectors when a re-embedding fails or is aborted', async () => {
      await index.upsertFile('vs_1', fileOf('f1', [['t1', 1]]));
      const next = { fingerprint: 'm2', dimensions: 8 };
      await expect(index.reembed('vs_1', next, () => Promise.reject(new Error('no service')))).rejects.toThrow(
        'no service',
      );
      await expect(index.reembed('vs_1', next, async () => [], AbortSignal.abort(new Error('enough')))).rejects.toThrow(
        'enough',
      );
      await expect(index.reembed('vs_1', next, async () => [])).rejects.toMatchObject({ code: 'invalid_vector' });
      await index.open('vs_1', MODEL);
      expect(await found({ vectors: [axisVector(1)] })).toEqual(['f1/0']);
    });

    it('stops an aborted search', async () => {
      const query = queryOf({ vectors: [axisVector(0)] });
      await expect(index.search('vs_1', query, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    });

    it('opens a closed store again', async () => {
      await index.upsertFile('vs_1', fileOf('f1', [['a', 0]]));
      await index.close('vs_1');
      expect(await found({ texts: ['a'], vectors: [axisVector(0)] })).toEqual(['f1/0']);
    });
  });
}
