import type { TransferRow } from '@espejo/db';

/** Runs deletions in the background, one at a time per connection. */
export interface DeletionQueue {
  /**
   * A deletion has work to do, or was cancelled: starts it, and wakes its waiting worker. `decidedAtMs` is when its
   * plan was read from the live upstream; omitted, it is read again first.
   */
  wake(tenantId: string, deletionId: string, options?: { readonly decidedAtMs: number }): void;
  /** Resumes every deletion that a stop or a crash left open, and deletes those past their retention. */
  resume(tenantId: string): Promise<void>;
  /** Starts no more steps, and waits until those in progress are recorded or given up. */
  stop(): Promise<void>;
  /** Resolves when nothing is running: for tests and for shutdown. */
  idle(): Promise<void>;
}

/** Copies stores in the background; transfers of one connection run one after the other. */
export interface TransferQueue {
  /** A transfer has work to do. */
  wake(row: Pick<TransferRow, 'tenantId' | 'id' | 'connectionId'>): void;
  /** Stops the work on a transfer that is recorded as cancelled. */
  abort(transfer: { readonly tenantId: string; readonly id: string }): void;
  /** Resumes every transfer that a stop or a crash left open. */
  resume(tenantId: string): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when nothing is running: for tests and for shutdown. */
  idle(): Promise<void>;
}

/** Ingests files in the background. */
export interface IngestionQueue {
  /** There may be files to ingest. */
  wake(): void;
  /** Releases the claims of dead processes, and resumes their files. */
  start(): Promise<void>;
  /** Starts nothing more, releases the files in progress, and waits for that. */
  stop(): Promise<void>;
  /** Resolves when nothing is running and nothing is due now: for tests. */
  idle(): Promise<void>;
  /** Why ingestion is blocked; null: it is not. */
  fault(): string | null;
}
