import { createHash } from 'node:crypto';
import type { IndexedFile } from '../index/port.ts';
import { structuredRows } from './structured-rows.ts';

export const KILLED_STORE = 'vs_killed';
export const KILLED_MODEL = { fingerprint: 'm', dimensions: 32 };
export const NEXT_MODEL = { fingerprint: 'm2', dimensions: 16 };
/** Files that are written again and again, each time with other chunks. */
const FILE_IDS = 40;

/** The content of the nth write: the same in every process. */
export function killedFile(n: number): IndexedFile {
  return structuredRows(n, KILLED_MODEL.dimensions).file(`f${n % FILE_IDS}`, 5 + (n % 30), { n });
}

export function killedIndexOptions(folder: string) {
  return { folder, workerCount: 1, memoryBytesMax: 2 ** 26, openStoresMax: 4, exactRowsMax: 200 };
}

/** A text's vector under the next model: the same in every process. */
export function newVectorOf(text: string): Float32Array {
  const seed = createHash('sha256').update(text).digest().readUInt32LE();
  return structuredRows(seed, NEXT_MODEL.dimensions).vector();
}
