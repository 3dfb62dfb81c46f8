import type { Repositories } from '@espejo/db';

export type MirrorWrite = (tx: Repositories) => Promise<void>;

/** Gathers small writes of many listings into transactions of a good size; their order is kept. */
export interface MirrorWriter {
  /** Takes a write of `rowCount` rows; waits while a transaction is under way and the buffer is full. */
  push(rowCount: number, write: MirrorWrite): Promise<void>;
  /** Writes what is left and waits for it. */
  flush(): Promise<void>;
}

/** Rows a transaction gathers: large enough to make its fixed cost small, small enough to block the server for a few ms. */
const BATCH_ROWS = 1000;

/**
 * `commit` runs the gathered writes in one transaction. When it fails, that failure is thrown to every later caller too:
 * a listing whose rows were lost must not go on to claim that it is complete.
 */
export function createMirrorWriter(commit: (writes: readonly MirrorWrite[]) => Promise<void>): MirrorWriter {
  let writes: MirrorWrite[] = [];
  let rowCount = 0;
  let inFlight: Promise<void> | undefined;
  let failure: { readonly cause: unknown } | undefined;

  async function flush(): Promise<void> {
    for (;;) {
      if (failure !== undefined) throw failure.cause;
      if (inFlight !== undefined) {
        await inFlight;
        continue;
      }
      if (writes.length === 0) return;
      const batch = writes;
      writes = [];
      rowCount = 0;
      inFlight = commit(batch)
        .catch((cause: unknown) => {
          failure = { cause };
        })
        .finally(() => {
          inFlight = undefined;
        });
    }
  }

  return {
    async push(count, write) {
      if (failure !== undefined) throw failure.cause;
      writes.push(write);
      rowCount += count;
      if (rowCount >= BATCH_ROWS) await flush();
    },
    flush,
  };
}
