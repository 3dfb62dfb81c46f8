import { EmbeddingError } from './embedding-error.ts';
import { normalise } from './unit-vector.ts';

/**
 * The vectors of a response, sorted by index: one per input, all of the expected length, finite, and normalised to unit
 * length. Accepts base64 and numbers, because some endpoints do not support base64. Throws `malformed`.
 */
export function readVectors(answer: unknown, expected: { count: number; dimensions: number | null }): Float32Array[] {
  const data: unknown = Reflect.get(Object(answer), 'data');
  if (!Array.isArray(data) || data.length !== expected.count) {
    const found = Array.isArray(data) ? `${data.length} vectors` : 'none';
    throw malformed(`It was asked for ${expected.count} vectors and returned ${found}.`);
  }
  const vectors: (Float32Array | undefined)[] = new Array(expected.count).fill(undefined);
  let dimensions = expected.dimensions;
  for (const [position, row] of data.entries()) {
    const index: unknown = Reflect.get(Object(row), 'index') ?? position;
    const vector = vectorOf(Reflect.get(Object(row), 'embedding'));
    dimensions ??= vector.length;
    if (vector.length !== dimensions) {
      throw malformed(`A vector has ${vector.length} dimensions where ${dimensions} were expected.`);
    }
    if (!normalise(vector)) throw malformed('A vector is all zeros or has a value that is not a number.');
    if (typeof index !== 'number' || !(index in vectors) || vectors[index] !== undefined) {
      throw malformed('The vectors are not numbered like the texts.');
    }
    vectors[index] = vector;
  }
  return vectors.filter((vector) => vector !== undefined);
}

function vectorOf(embedding: unknown): Float32Array {
  if (typeof embedding === 'string') return floatsOf(Buffer.from(embedding, 'base64'));
  if (!Array.isArray(embedding) || embedding.length === 0 || !embedding.every((value) => typeof value === 'number')) {
    throw malformed('A vector is neither base64 nor a list of numbers.');
  }
  return Float32Array.from(embedding);
}

/** Little-endian in the response, whatever the machine. */
function floatsOf(bytes: Buffer): Float32Array {
  if (bytes.length === 0 || bytes.length % 4 !== 0) throw malformed('A vector in base64 is cut short.');
  const vector = new Float32Array(bytes.length / 4);
  for (let at = 0; at < vector.length; at += 1) vector[at] = bytes.readFloatLE(at * 4);
  return vector;
}

function malformed(detail: string): EmbeddingError {
  return new EmbeddingError('malformed', { detail });
}
