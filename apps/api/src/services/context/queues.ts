import type { TransferRow } from '@espejo/db';

/** Works deletions off in the background, one at a time per connection. */
export interface DeletionQueue {
  /**
   * There is work in this deletion, or it was cancelled: starts on it, and makes whoever waits in it look again.
   * `decidedAtMs` is when its decision was read from the live upstream; left out, it is read anew first.
   */
  wake(tenantId: string, deletionId: string, options?: { readonly decidedAtMs: number }): void;
  /** Takes up every deletion that a stop or a crash left open, and forgets those past their retention. */
  resume(tenantId: string): Promise<void>;
  /** Begins no more acts, and waits until those under way are on record or given up. */
  stop(): Promise<void>;
  /** Resolves when nothing is being worked on: for tests and for shutdown. */
  idle(): Promise<void>;
}

/** Copies stores in the background; transfers of one connection run one after the other. */
export interface TransferQueue {
  /** There is work in this transfer. */
  wake(row: Pick<TransferRow, 'tenantId' | 'id' | 'connectionId'>): void;
  /** Ends the work on a transfer that is cancelled on record. */
  abort(transfer: { readonly tenantId: string; readonly id: string }): void;
  /** Takes up every transfer that a stop or a crash left. */
  resume(tenantId: string): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when nothing is being worked on: for tests and for shutdown. */
  idle(): Promise<void>;
}

/** Takes files into stores in the background. */
export interface IngestionQueue {
  /** There is something to take in, or there may be. */
  wake(): void;
  /** Frees what dead processes held, and goes on where they stopped. */
  start(): Promise<void>;
  /** Begins nothing more, gives back what is under way, and waits for that. */
  stop(): Promise<void>;
  /** Resolves when nothing is under way and nothing is due now: for tests. */
  idle(): Promise<void>;
  /** What keeps files from being taken in; null: nothing does. */
  fault(): string | null;
}
