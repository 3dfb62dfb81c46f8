import { ModelFolderError } from './model-folder-error.ts';

/** A tensor of a safetensors file: its shape and its bytes, not copied. */
export interface Tensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Bytes of one value, by supported type. */
const SIZES: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2, F64: 8, I8: 1, I32: 4, I64: 8, U32: 4 };
const HEADER_BYTES_MAX = 16 * 2 ** 20;

/**
 * The tensors of a file, each checked against the file's length. Throws ModelFolderError for a file that is cut short,
 * not a safetensors file, or inconsistent.
 */
export function readSafetensors(file: Uint8Array): ReadonlyMap<string, Tensor> {
  if (file.byteLength < 8) throw damaged('is too short');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerBytes = view.getBigUint64(0, true);
  if (headerBytes > BigInt(HEADER_BYTES_MAX)) throw damaged('has no readable header');
  const dataAt = 8 + Number(headerBytes);
  if (dataAt > file.byteLength) throw damaged('is cut short');
  const tensors = new Map<string, Tensor>();
  for (const [name, entry] of Object.entries(readHeader(file.subarray(8, dataAt)))) {
    if (name === '__metadata__') continue;
    tensors.set(name, readTensor(name, entry, file.subarray(dataAt)));
  }
  return tensors;
}

function readHeader(bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) return { ...header };
  } catch {
    // Reported below.
  }
  throw damaged('has no readable header');
}

function readTensor(name: string, entry: unknown, data: Uint8Array): Tensor {
  const dtype: unknown = Reflect.get(Object(entry), 'dtype');
  const shape: unknown = Reflect.get(Object(entry), 'shape');
  const offsets: unknown = Reflect.get(Object(entry), 'data_offsets');
  const size = typeof dtype === 'string' ? SIZES[dtype] : undefined;
  if (typeof dtype !== 'string' || size === undefined)
    throw damaged(`holds '${name}' as ${String(dtype)}, a type that is not supported`);
  if (!isSizes(shape) || !isSizes(offsets)) throw damaged(`describes '${name}' in an unknown form`);
  const [from = 0, to = 0] = offsets;
  const count = shape.reduce((product, length) => product * length, 1);
  if (offsets.length !== 2 || from > to || to > data.byteLength) throw damaged(`is cut short within '${name}'`);
  if (!Number.isSafeInteger(count) || count * size !== to - from) {
    throw damaged(`gives '${name}' ${to - from} bytes where its shape needs ${count * size}`);
  }
  return { dtype, shape, bytes: data.subarray(from, to) };
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0);
}

function damaged(what: string): ModelFolderError {
  return new ModelFolderError(`model.safetensors ${what}. Fetch the model again.`);
}
