import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { Meta } from '../store/schema.ts';

/** What a graph was built from. Stored after the library's own bytes, which contain their length. */
export interface GraphHeader {
  readonly epoch: string;
  readonly fingerprint: string;
  readonly dimensions: number;
  readonly generation: number;
  /** Chunks with smaller ids are in it, as far as they existed. */
  readonly endId: number;
  readonly rowCount: number;
}

interface Footer extends GraphHeader {
  readonly graphBytes: number;
  readonly checksum: number;
}

const MAGIC = Buffer.from('ESPJGRF1');
const PIECE_BYTES = 2 ** 20;
const FOOTER_BYTES_MAX = 4096;

/** Appends the header to a graph that the library saved, with a checksum of it all, and makes both durable. */
export function sealGraph(path: string, header: GraphHeader): void {
  const file = openSync(path, 'r+');
  try {
    const graphBytes = fstatSync(file).size;
    const footer: Footer = { ...header, graphBytes, checksum: checksumOf(file, graphBytes) };
    const text = Buffer.from(JSON.stringify(footer));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    writeSync(file, Buffer.concat([text, length, MAGIC]), 0, undefined, graphBytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * The header of a complete graph; null: it is cut off, damaged, not a graph, or was removed after it was listed, as
 * another thread does with one that it replaced. Reads every byte, because a damaged one could make the library crash.
 */
export function checkGraph(path: string): GraphHeader | null {
  const file = openIfThere(path);
  if (file === null) return null;
  try {
    const sizeBytes = fstatSync(file).size;
    const tail = Buffer.alloc(Math.min(sizeBytes, FOOTER_BYTES_MAX));
    readSync(file, tail, 0, tail.length, sizeBytes - tail.length);
    const end = tail.length - MAGIC.length - 4;
    if (end < 0 || !tail.subarray(end + 4).equals(MAGIC)) return null;
    const textBytes = tail.readUInt32LE(end);
    if (textBytes > end) return null;
    const footer: Footer = JSON.parse(tail.toString('utf8', end - textBytes, end));
    if (footer.graphBytes !== sizeBytes - MAGIC.length - 4 - textBytes) return null;
    return checksumOf(file, footer.graphBytes) === footer.checksum ? footer : null;
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

/** Whether a graph was built from these rows: not a dropped store's, not another model's. */
export function fitsHeader(header: GraphHeader, meta: Meta): boolean {
  return (
    header.epoch === meta.epoch &&
    header.fingerprint === meta.fingerprint &&
    header.dimensions === meta.dimensions &&
    header.generation === meta.generation &&
    header.endId <= meta.nextId
  );
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    if (cause instanceof Error && Reflect.get(cause, 'code') === 'ENOENT') return null;
    throw cause;
  }
}

function checksumOf(file: number, sizeBytes: number): number {
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  let checksum = 0;
  for (let at = 0; at < sizeBytes; ) {
    const read = readSync(file, piece, 0, Math.min(PIECE_BYTES, sizeBytes - at), at);
    if (read === 0) break;
    checksum = crc32(piece.subarray(0, read), checksum);
    at += read;
  }
  return checksum;
}
