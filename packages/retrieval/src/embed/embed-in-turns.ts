import { setImmediate as nextTurn } from 'node:timers/promises';

/** Each text takes a fraction of a millisecond; after so many, the event loop gets a turn. */
const TEXTS_PER_TURN = 16;

/** Computes vectors in this process, in the order of the texts. Throws the signal's reason when it is aborted. */
export async function embedInTurns(
  texts: readonly string[],
  vectorOf: (text: string) => Float32Array,
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (const text of texts) {
    signal?.throwIfAborted();
    vectors.push(vectorOf(text));
    if (vectors.length % TEXTS_PER_TURN === 0) await nextTurn();
  }
  return vectors;
}
