import type { Random } from './random.ts';

/** Makes ids in the forms of the real API. The hex ones begin with the second of their creation. */
export interface Ids {
  /** `vs_` and 32 hex digits. */
  store(createdAt: number): string;
  /** `file-` and 22 letters or digits. */
  file(): string;
  /** `vsfb_ibj_` and 32 hex digits. */
  batch(createdAt: number): string;
  /** `upload_` and 32 hex digits. */
  upload(createdAt: number): string;
  /** `part_` and 32 hex digits. */
  part(createdAt: number): string;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FILE_ID_DIGITS = 22;

/** Makes an id source from a random source. */
export function createIds(random: Random): Ids {
  // A flat string from a buffer: a million ids built by concatenation would keep their parts alive.
  const buffer = Buffer.alloc(5 + FILE_ID_DIGITS, 'file-', 'latin1');
  const timed = (prefix: string, createdAt: number): string =>
    prefix + hex8(createdAt) + hex8(random.uint32()) + hex8(random.uint32()) + hex8(random.uint32());

  return {
    store: (createdAt) => timed('vs_', createdAt),
    batch: (createdAt) => timed('vsfb_ibj_', createdAt),
    upload: (createdAt) => timed('upload_', createdAt),
    part: (createdAt) => timed('part_', createdAt),
    file: () => {
      for (let start = 5; start < buffer.length; start += 5) {
        // 62^5 < 2^32: five digits from each number.
        let number = random.uint32();
        for (let digit = start; digit < start + 5 && digit < buffer.length; digit += 1) {
          buffer[digit] = BASE62.charCodeAt(number % 62);
          number = Math.floor(number / 62);
        }
      }
      return buffer.toString('latin1');
    },
  };
}

/** Eight hex digits of an unsigned 32-bit number. */
export function hex8(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
