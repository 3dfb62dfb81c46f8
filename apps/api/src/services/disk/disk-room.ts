import { diskFull } from '@espejo/core';

/** Bytes of the disk that new data may not use: they are left for the database, and for deleting. */
export const DISK_RESERVE_BYTES = 64 * 2 ** 20;
/** Free space is measured again after this many bytes: at most this much written by others goes unnoticed. */
const CREDIT_BYTES_MAX = 8 * 2 ** 20;

/** How much may still be added to the data folder. */
export interface DiskRoom {
  /** Allows this many bytes to be written. Throws `disk_full` when only the reserve would be left. */
  take(bytes: number): Promise<void>;
  /** Throws `disk_full` when only the reserve is left. */
  assertRoom(): Promise<void>;
}

/** `freeBytes` measures what this process may still write. A measurement that fails rejects nothing. */
export function createDiskRoom({ freeBytes }: { readonly freeBytes: () => Promise<number> }): DiskRoom {
  /** Bytes that were measured as free above the reserve, and are not granted yet. */
  let creditBytes = 0;
  let measuring: Promise<number> | undefined;

  async function measure(): Promise<number> {
    const free = await freeBytes().catch(() => Number.POSITIVE_INFINITY);
    creditBytes = Math.min(CREDIT_BYTES_MAX, free - DISK_RESERVE_BYTES);
    return free;
  }

  function measureOnce(): Promise<number> {
    measuring ??= measure().finally(() => {
      measuring = undefined;
    });
    return measuring;
  }

  return {
    async take(bytes) {
      while (creditBytes < bytes) {
        const free = await measureOnce();
        if (free - DISK_RESERVE_BYTES < bytes) throw diskFull();
        // A block larger than any credit is measured on its own.
        if (bytes > CREDIT_BYTES_MAX) {
          creditBytes = 0;
          return;
        }
      }
      creditBytes -= bytes;
    },
    async assertRoom() {
      if ((await measureOnce()) < DISK_RESERVE_BYTES) throw diskFull();
    },
  };
}
