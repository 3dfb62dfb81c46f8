import type { Repositories } from '@espejo/db';

export type MirrorWrite = (tx: Repositories) => Promise<void>;

/** Combines small writes of many listings into larger transactions; their order is kept. */
export interface MirrorWriter {
  /** Adds a write of `rowCount` rows; waits while a transaction is running and the buffer is full. */
  push(rowCount: number, write: MirrorWrite): Promise<void>;
  /** Writes the rest and waits for it. */
  flush(): Promise<void>;
}

/**
 * Rows per transaction: small transactions would write the same pages of the indexes again and again. The writer yields
 * to the event loop in between, so the size costs memory, not response time.
 */
const BATCH_ROWS = 5000;

/**
 * `commit` runs the buffered writes in one transaction. When it fails, the error is thrown to every later caller too: a
 * listing whose rows were lost must not go on to count as complete.
 */
export function createMirrorWriter(commit: (writes: readonly MirrorWrite[]) => Promise<void>): MirrorWriter {
  let writes: MirrorWrite[] = [];
  let rowCount = 0;
  let inFlight: Promise<void> | undefined;
  let failure: { readonly cause: unknown } | undefined;

  /** Waits for the running transaction or, when there is none, starts one with everything buffered. */
  async function commitNext(): Promise<void> {
    if (inFlight === undefined) {
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
    await inFlight;
    if (failure !== undefined) throw failure.cause;
  }

  return {
    async push(count, write) {
      if (failure !== undefined) throw failure.cause;
      writes.push(write);
      rowCount += count;
      while (rowCount >= BATCH_ROWS) await commitNext();
    },
    async flush() {
      if (failure !== undefined) throw failure.cause;
      while (inFlight !== undefined || writes.length > 0) await commitNext();
    },
  };
}
