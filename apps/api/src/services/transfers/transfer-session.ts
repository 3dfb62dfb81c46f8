import { AppError } from '@espejo/core';
import type {
  ConnectionRow,
  Lease,
  Repositories,
  TransferItemPatch,
  TransferItemRecord,
  TransferItemState,
  TransferPatch,
  TransferRow,
} from '@espejo/db';
import type { TransferWorkContext } from '../context/app-context.ts';
import { classifyError, type RetryDecision } from './publication/classify-error.ts';

/** One session of work on a transfer, under a lease. */
export interface TransferSession {
  readonly tenantId: string;
  readonly transferId: string;
  readonly connection: ConnectionRow;
  readonly lease: Lease;
  /** Aborted by shutdown, by a cancellation, and when the lease is lost. */
  readonly signal: AbortSignal;
}

/** A session cannot go on: for a while, or until a user acts. */
export class TransferHalted extends Error {
  readonly decision: Exclude<RetryDecision, { type: 'file' }>;

  constructor(decision: Exclude<RetryDecision, { type: 'file' }>) {
    super(decision.reason);
    this.decision = decision;
  }
}

/** The transfer's row, if this session may still write; else throws `lease_lost`. */
export async function assertRunning(
  tx: Repositories,
  session: Pick<TransferSession, 'tenantId' | 'transferId' | 'lease'>,
): Promise<TransferRow> {
  await tx.leases.assertHeld(session.lease);
  const row = await tx.transfers.find(session.tenantId, session.transferId);
  if (row?.status !== 'running') throw new AppError('lease_lost', 'The transfer was cancelled.');
  return row;
}

export async function updateTransfer(
  deps: Pick<TransferWorkContext, 'db'>,
  session: TransferSession,
  patch: TransferPatch,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await assertRunning(tx, session);
    await tx.transfers.update(session.tenantId, session.transferId, patch);
  });
}

export async function updateItem(
  deps: Pick<TransferWorkContext, 'db'>,
  session: TransferSession,
  item: TransferItemRecord,
  patch: TransferItemPatch,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await assertRunning(tx, session);
    await tx.transferItems.update(session.tenantId, session.transferId, item.position, patch);
  });
}

const PAGE_ITEMS = 200;

/**
 * Runs work on each file in one of these states, with limited concurrency. An error of one file is recorded with it; a
 * wider error throws TransferHalted once those in progress have ended.
 */
export async function workOnItems(
  deps: Pick<TransferWorkContext, 'db' | 'log'>,
  session: TransferSession,
  options: {
    readonly states: readonly TransferItemState[];
    readonly concurrency: number;
    readonly work: (item: TransferItemRecord) => Promise<void>;
  },
): Promise<void> {
  const { tenantId, transferId, signal } = session;
  const { states, concurrency, work } = options;
  let halted: { readonly cause: unknown } | undefined;

  async function workOn(item: TransferItemRecord): Promise<void> {
    try {
      await work(item);
    } catch (cause) {
      signal.throwIfAborted();
      const decision = classifyError(cause);
      if (decision === undefined) throw cause;
      if (decision.type !== 'file') throw new TransferHalted(decision);
      deps.log.warn({ err: cause, transferId, fileId: item.sourceFileId }, 'a file could not be copied');
      await updateItem(deps, session, item, { state: 'failed', reason: decision.reason });
    }
  }

  for (let afterPosition = -1; ; ) {
    const items = await deps.db.read.transferItems.list({
      tenantId,
      transferId,
      states,
      afterPosition,
      limit: PAGE_ITEMS,
    });
    const last = items.at(-1);
    if (last === undefined) return;
    afterPosition = last.position;
    const queue = items.values();
    const workers = Array.from({ length: concurrency }, async () => {
      for (const item of queue) {
        if (halted !== undefined || signal.aborted) return;
        await workOn(item).catch((cause: unknown) => {
          halted ??= { cause };
        });
      }
    });
    await Promise.all(workers);
    signal.throwIfAborted();
    if (halted !== undefined) throw halted.cause;
  }
}
