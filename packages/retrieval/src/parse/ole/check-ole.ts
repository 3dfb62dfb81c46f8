import { invalid } from '../parse-fault.ts';

const HEADER_BYTES = 512;
const ENTRY_BYTES = 128;
/** Sectors of a part are numbered from 0; negative numbers mean free, the end, or a part of the table itself. */
const END = -2;
const HEADER_TABLE_SECTORS = 109;
const STORAGE_DEPTH_MAX = 16;

/**
 * Rejects an old Office container whose tables have cycles or point out of the file, because its reader follows them
 * without a check. What passes has chains that end, a directory that reaches each entry at most once, and tables no
 * larger than the file.
 */
export function checkOle(bytes: Buffer): void {
  if (bytes.length < HEADER_BYTES) throw damaged();
  const sectorBytes = sizeOf(bytes.readInt16LE(30), 7, 12);
  const shortSectorBytes = sizeOf(bytes.readInt16LE(32), 4, 12);
  if (shortSectorBytes > sectorBytes) throw damaged();
  const sectors = Math.ceil(bytes.length / sectorBytes);
  const sector = (index: number): Buffer => {
    if (index < 0 || index >= sectors) throw damaged();
    return bytes.subarray((index + 1) * sectorBytes, (index + 2) * sectorBytes);
  };
  const table = numbersOf(tableSectors(bytes, sectors, sectorBytes, sector).map(sector));
  assertChainsEnd(table);
  const shortTable = chainOf(table, bytes.readInt32LE(60));
  if (bytes.readInt32LE(64) !== shortTable.length) throw damaged();
  assertChainsEnd(numbersOf(shortTable.map(sector)));
  assertTree(Buffer.concat(chainOf(table, bytes.readInt32LE(48)).map(sector)));
}

function sizeOf(shift: number, min: number, max: number): number {
  if (shift < min || shift > max) throw damaged();
  return 2 ** shift;
}

/** The sectors that hold the table of sectors: named in the header, and beyond that in a chain of their own. */
function tableSectors(bytes: Buffer, sectors: number, sectorBytes: number, sector: (index: number) => Buffer) {
  const count = bytes.readInt32LE(44);
  const moreCount = bytes.readInt32LE(72);
  if (count < 0 || count > sectors || moreCount < 0 || moreCount > sectors) throw damaged();
  const found: number[] = [];
  for (let at = 0; at < Math.min(count, HEADER_TABLE_SECTORS); at += 1) found.push(bytes.readInt32LE(76 + at * 4));
  let next = bytes.readInt32LE(68);
  for (let more = 0; more < moreCount && found.length < count; more += 1) {
    const numbers = numbersOf([sector(next)]);
    found.push(...numbers.slice(0, Math.min(count - found.length, sectorBytes / 4 - 1)));
    next = numbers.at(-1) ?? END;
  }
  if (found.length !== count || new Set(found).size !== count) throw damaged();
  return found;
}

function numbersOf(sectors: readonly Buffer[]): Int32Array {
  const all = Buffer.concat(sectors);
  const numbers = new Int32Array(Math.floor(all.length / 4));
  for (let at = 0; at < numbers.length; at += 1) numbers[at] = all.readInt32LE(at * 4);
  return numbers;
}

function chainOf(table: Int32Array, start: number): number[] {
  const chain: number[] = [];
  for (let at = start; at >= 0; at = table[at] ?? END) chain.push(at);
  return chain;
}

/** No two sectors have the same successor, and none itself, so no chain has a cycle. */
function assertChainsEnd(table: Int32Array): void {
  const state = new Uint8Array(table.length);
  const [SEEN, DONE] = [1, 2];
  for (let start = 0; start < table.length; start += 1) {
    let at = start;
    for (; at >= 0 && at < table.length && state[at] === 0; at = table[at] ?? END) state[at] = SEEN;
    if (at >= 0 && at < table.length && state[at] === SEEN) throw damaged();
    for (at = start; at >= 0 && at < table.length && state[at] === SEEN; at = table[at] ?? END) state[at] = DONE;
  }
}

/** Each entry of the directory is reached from the root at most once, through a bounded depth of storages. */
function assertTree(directory: Buffer): void {
  const count = Math.floor(directory.length / ENTRY_BYTES);
  const reached = new Uint8Array(count);
  const root = Array.from({ length: count }, (_, entry) => entry).find((entry) => typeOf(directory, entry) === 5);
  if (root === undefined) throw damaged();
  reached[root] = 1;
  const open = [{ entry: directory.readInt32LE(root * ENTRY_BYTES + 76), depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { entry, depth } = next;
    if (entry === -1) continue;
    if (entry < 0 || entry >= count || reached[entry] === 1 || depth > STORAGE_DEPTH_MAX) throw damaged();
    reached[entry] = 1;
    const at = entry * ENTRY_BYTES;
    open.push({ entry: directory.readInt32LE(at + 68), depth }, { entry: directory.readInt32LE(at + 72), depth });
    if (typeOf(directory, entry) === 1) open.push({ entry: directory.readInt32LE(at + 76), depth: depth + 1 });
  }
}

function typeOf(directory: Buffer, entry: number): number {
  return directory.readUInt8(entry * ENTRY_BYTES + 66);
}

function damaged() {
  return invalid('The Word document is damaged. Open it in Word, save it as docx, and upload it again.');
}
