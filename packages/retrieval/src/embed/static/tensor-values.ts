import { ModelFolderError } from './model-folder-error.ts';
import type { Tensor } from './read-safetensors.ts';

/** Adds a row of a table of numbers, times a weight, to a vector. */
export type AddRow = (vector: Float32Array, row: number, weight: number) => void;

/**
 * The rows of a table in the file's own format: half floats need half of the memory, and are widened as they are added.
 */
export function rowAdder({ dtype, shape, bytes }: Tensor): AddRow {
  const width = shape[1] ?? 0;
  if (dtype === 'F32') return addingFrom(over(Float32Array, bytes), width);
  if (dtype === 'F64') return addingFrom(over(Float64Array, bytes), width);
  if (dtype === 'I8') return addingFrom(over(Int8Array, bytes), width);
  if (dtype === 'F16') return addingHalves(over(Uint16Array, bytes), width, halfTable());
  if (dtype === 'BF16') return addingHalves(over(Uint16Array, bytes), width, brainTable());
  throw new ModelFolderError(`model.safetensors has embeddings of type ${dtype}, which are not supported.`);
}

/** The values of a small tensor as numbers. */
export function numbersOf({ dtype, bytes }: Tensor): ArrayLike<number> {
  if (dtype === 'F32') return over(Float32Array, bytes);
  if (dtype === 'F64') return over(Float64Array, bytes);
  if (dtype === 'I32') return over(Int32Array, bytes);
  if (dtype === 'U32') return over(Uint32Array, bytes);
  if (dtype === 'I64') return Float64Array.from(over(BigInt64Array, bytes), Number);
  if (dtype === 'F16' || dtype === 'BF16') {
    const table = dtype === 'F16' ? halfTable() : brainTable();
    return Float32Array.from(over(Uint16Array, bytes), (bits) => table[bits] ?? 0);
  }
  return over(Int8Array, bytes);
}

function addingFrom(values: Float32Array | Float64Array | Int8Array, width: number): AddRow {
  return (vector, row, weight) => {
    const from = row * width;
    for (let at = 0; at < width; at += 1) vector[at] = (vector[at] ?? 0) + (values[from + at] ?? 0) * weight;
  };
}

function addingHalves(values: Uint16Array, width: number, table: Float32Array): AddRow {
  return (vector, row, weight) => {
    const from = row * width;
    for (let at = 0; at < width; at += 1) {
      vector[at] = (vector[at] ?? 0) + (table[values[from + at] ?? 0] ?? 0) * weight;
    }
  };
}

type Numbers = Float32Array | Float64Array | Int8Array | Int32Array | Uint32Array | Uint16Array | BigInt64Array;

/** Typed numbers over the bytes in memory; copied only when they are not aligned. */
function over<T extends Numbers>(
  type: { new (buffer: ArrayBufferLike, at: number, count: number): T; readonly BYTES_PER_ELEMENT: number },
  bytes: Uint8Array,
): T {
  const size = type.BYTES_PER_ELEMENT;
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : Uint8Array.from(bytes);
  return new type(buffer, byteOffset, bytes.byteLength / size);
}

let halves: Float32Array | undefined;

/** The value of each of the 65,536 half floats. */
function halfTable(): Float32Array {
  halves ??= Float32Array.from({ length: 0x10000 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
  return halves;
}

let brains: Float32Array | undefined;

function brainTable(): Float32Array {
  brains ??= new Float32Array(Uint32Array.from({ length: 0x10000 }, (_, bits) => bits << 16).buffer);
  return brains;
}
