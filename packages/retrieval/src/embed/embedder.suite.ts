import { describe, expect, it } from 'vitest';
import type { Embedder } from './port.ts';

/** What every embedder guarantees. */
export function describeEmbedder(name: string, make: () => Embedder): void {
  describe(`${name} is an Embedder`, () => {
    const texts = ['the quick brown fox', '', 'a lazy dog', 'the quick brown fox', ' \n', '日本語 🌍', '!?'];

    it.each(['document', 'query'] as const)('returns one unit vector per %s, in their order', async (purpose) => {
      const embedder = make();
      const vectors = await embedder.embed(texts, { purpose });
      expect(vectors).toHaveLength(texts.length);
      for (const vector of vectors) {
        expect(vector).toBeInstanceOf(Float32Array);
        expect(vector).toHaveLength(embedder.model.dimensions);
        expect(Math.abs(Math.hypot(...vector) - 1)).toBeLessThan(1e-4);
      }
      expect(vectors[3]).toEqual(vectors[0]);
      expect(vectors[4]).toEqual(vectors[1]);
      expect(vectors[2]).not.toEqual(vectors[0]);
      const [alone] = await embedder.embed(['a lazy dog'], { purpose });
      expect(alone).toEqual(vectors[2]);
    });

    it('returns vectors that the caller may change', async () => {
      const embedder = make();
      const [first, twin] = await embedder.embed(['same', 'same'], { purpose: 'document' });
      const before = twin?.slice();
      first?.fill(0);
      expect(twin).toEqual(before);
      expect((await embedder.embed(['same'], { purpose: 'document' }))[0]).toEqual(before);
    });

    it('returns nothing for an empty list', async () => {
      expect(await make().embed([], { purpose: 'document' })).toEqual([]);
    });

    it('has the same fingerprint whenever it is created', () => {
      expect(make().model).toEqual(make().model);
      expect(make().model.fingerprint).not.toBe('');
    });

    it('does not start when it is aborted already', async () => {
      const signal = AbortSignal.abort(new Error('never mind'));
      await expect(make().embed(['text'], { purpose: 'document', signal })).rejects.toThrow('never mind');
    });
  });
}
