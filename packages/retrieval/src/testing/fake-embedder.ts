import { modelFingerprint } from '../embed/fingerprint.ts';
import { lexicalVector } from '../embed/lexical-embedder.ts';
import type { Embedder } from '../embed/port.ts';
import { normalise } from '../embed/unit-vector.ts';

export interface FakeEmbedder extends Embedder {
  /** The texts of each call, in the order of the calls. */
  readonly calls: readonly (readonly string[])[];
  /** Called first by each following call: to fail, to wait, or to observe. */
  onCall: ((texts: readonly string[]) => Promise<void> | void) | undefined;
}

/** An embedder that records its calls. Its vectors are short, and close for texts that share words. */
export function createFakeEmbedder(
  options: { readonly name?: string; readonly dimensions?: number } = {},
): FakeEmbedder {
  const { name = 'fake', dimensions = 32 } = options;
  const calls: (readonly string[])[] = [];
  const embedder: FakeEmbedder = {
    calls,
    onCall: undefined,
    model: { name, dimensions, kind: 'remote', fingerprint: modelFingerprint({ kind: 'fake', name, dimensions }) },
    async embed(texts, { signal }) {
      calls.push([...texts]);
      signal?.throwIfAborted();
      await embedder.onCall?.(texts);
      signal?.throwIfAborted();
      return texts.map((text) => folded(lexicalVector(text), dimensions));
    },
  };
  return embedder;
}

function folded(vector: Float32Array, dimensions: number): Float32Array {
  const short = new Float32Array(dimensions);
  for (const [at, value] of vector.entries()) short[at % dimensions] = (short[at % dimensions] ?? 0) + value;
  if (!normalise(short)) short[0] = 1;
  return short;
}
