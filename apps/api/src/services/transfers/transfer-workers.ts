import { AppError, asSystem } from '@espejo/core';
import type { TransferRow } from '@espejo/db';
import { withJobSpan } from '../../telemetry/spans.ts';
import type { TransferWorkContext } from '../context/app-context.ts';
import type { TransferQueue } from '../context/queues.ts';
import { keepLease, tryLease } from '../leases/lease.ts';
import { classifyError } from './publication/classify-error.ts';
import { finishPublication, runPublication } from './publication/run-publication.ts';
import { runAdoption } from './run-adoption.ts';

import { assertRunning, TransferHalted, type TransferSession, updateTransfer } from './transfer-session.ts';

/** After this many pauses without a finished step in between, the transfer waits for a user. */
const PAUSES_MAX = 8;
const PAUSE = { firstMs: 2_000, mostMs: 300_000 } as const;

export function createTransferWorkers(deps: TransferWorkContext): TransferQueue {
  const shutdown = new AbortController();
  const queues = new Map<string, Promise<void>>();
  const controllers = new Map<string, AbortController>();

  function wake({ tenantId, id, connectionId }: Pick<TransferRow, 'tenantId' | 'id' | 'connectionId'>): void {
    if (shutdown.signal.aborted) return;
    const key = `${tenantId}:${connectionId}`;
    const ended = (queues.get(key) ?? Promise.resolve()).then(async () => {
      if (shutdown.signal.aborted || controllers.has(`${tenantId}:${id}`)) return;
      const controller = new AbortController();
      controllers.set(`${tenantId}:${id}`, controller);
      const signal = AbortSignal.any([shutdown.signal, controller.signal]);
      await withJobSpan('transfer.turn', { tenantId, transferId: id, connectionId }, () =>
        takeTurn(tenantId, id, signal),
      )
        .catch((cause: unknown) => deps.log.error({ err: cause, transferId: id }, 'a transfer could not be run'))
        .finally(() => controllers.delete(`${tenantId}:${id}`));
    });
    queues.set(key, ended);
    void ended.finally(() => {
      if (queues.get(key) === ended) queues.delete(key);
    });
  }

  async function takeTurn(tenantId: string, transferId: string, outer: AbortSignal): Promise<void> {
    const ttlMs = deps.settings.leaseTtlMs;
    const lease = await tryLease({ ...deps, tenantId, ttlMs, name: `transfer:${transferId}` });
    // Another process is working on it.
    if (lease === undefined) return;
    const lost = new AbortController();
    const stopKeeping = keepLease({ ...deps, lease, ttlMs, onLost: (cause) => lost.abort(cause) });
    try {
      await workUntilHalted(deps, { tenantId, transferId, lease, signal: AbortSignal.any([outer, lost.signal]) });
    } finally {
      stopKeeping();
      await deps.db.transaction((tx) => tx.leases.release(lease));
    }
  }

  return {
    wake,
    abort: ({ tenantId, id }) => controllers.get(`${tenantId}:${id}`)?.abort(new Error('The transfer was cancelled.')),
    async resume(tenantId) {
      for (const row of await deps.db.read.transfers.listRunning(tenantId)) wake(row);
    },
    async stop() {
      shutdown.abort(new Error('Espejo is stopping.'));
      await this.idle();
    },
    async idle() {
      while (queues.size > 0) await Promise.all(queues.values());
    },
  };
}

type Turn = Omit<TransferSession, 'connection'>;

/** Works until the transfer has ended or waits for a user; pauses when upstream does not answer. */
async function workUntilHalted(deps: TransferWorkContext, turn: Turn): Promise<void> {
  const { tenantId, transferId, signal } = turn;
  let leftBefore = Number.POSITIVE_INFINITY;
  for (let pauses = 0; ; ) {
    try {
      return await work(deps, turn);
    } catch (cause) {
      if (signal.aborted || (cause instanceof AppError && cause.code === 'lease_lost')) return;
      const decision = cause instanceof TransferHalted ? cause.decision : classifyError(cause);
      if (decision === undefined) deps.log.error({ err: cause, transferId }, 'a transfer stopped unexpectedly');
      const counts = await deps.db.read.transferItems.count(tenantId, transferId);
      const left =
        counts.pending + counts.uploading + counts.completing + counts.uploaded + counts.attached + counts.taking_back;
      pauses = left < leftBefore ? 1 : pauses + 1;
      leftBefore = left;
      const reason = decision?.reason ?? 'It stopped on an unexpected error. The log has the details; try again.';
      if (decision?.type !== 'pause' || pauses >= PAUSES_MAX) return park(deps, turn, reason);
      await record(deps, turn, reason);
      const waitMs = Math.min(PAUSE.firstMs * 2 ** (pauses - 1), PAUSE.mostMs);
      // Ends early only by a cancellation or a shutdown.
      await deps.sleep(waitMs, signal).catch(() => undefined);
      if (signal.aborted) return;
    }
  }
}

async function work(deps: TransferWorkContext, turn: Turn): Promise<void> {
  const { tenantId, transferId } = turn;
  const row = await deps.db.read.transfers.find(tenantId, transferId);
  if (row?.status !== 'running') return;
  const connection = await deps.db.read.connections.find(tenantId, row.connectionId);
  if (connection === undefined) return park(deps, turn, 'The connection of this transfer does not exist any more.');
  if (!connection.isEnabled)
    return park(deps, turn, `The connection '${connection.name}' is disabled. Enable it, and try again.`);
  const session: TransferSession = { ...turn, connection };
  if (row.kind === 'adopt') await runAdoption(deps, session, row);
  else await runPublication(deps, session, row);
  await finish(deps, session);
}

/** No file is pending: ends the transfer, unless some have failed. */
async function finish(deps: TransferWorkContext, session: TransferSession): Promise<void> {
  const { tenantId, transferId } = session;
  await updateTransfer(deps, session, { phase: 'finishing', reason: null });
  const { failed, done, skipped } = await deps.db.read.transferItems.count(tenantId, transferId);
  if (failed > 0) {
    const what = failed === 1 ? '1 file could not be copied' : `${failed} files could not be copied`;
    return park(deps, session, `${what}. Try again, or end the transfer without ${failed === 1 ? 'it' : 'them'}.`);
  }
  const row = await deps.db.read.transfers.find(tenantId, transferId);
  if (row === undefined) return;
  if (row.kind === 'publish') await finishPublication(deps, session, row);
  const reason = skipped === 0 ? null : await nameLeftOut(deps, session, { skipped, expected: done + skipped });
  const nowMs = deps.clock.nowMs();
  await deps.db.transaction(async (tx) => {
    await assertRunning(tx, session);
    await tx.transfers.update(tenantId, transferId, {
      status: 'succeeded',
      phase: 'done',
      reason,
      finishedAtMs: nowMs,
    });
    await tx.audit.append(asSystem(tenantId, row.actor), {
      atMs: nowMs,
      action: `transfer.${row.kind}`,
      subject: transferId,
      outcome: 'succeeded',
      detail: { sourceStoreId: row.sourceStoreId, targetStoreId: row.targetStoreId, files: done },
    });
  });
  if (row.kind === 'publish') await deps.syncSoon(tenantId, row.connectionId);
}

/** Files named in the sentence; the transfer's list of files has them all, each with its reason. */
const NAMED = 3;

async function nameLeftOut(
  deps: TransferWorkContext,
  { tenantId, transferId }: TransferSession,
  { skipped, expected }: { readonly skipped: number; readonly expected: number },
): Promise<string> {
  const items = await deps.db.read.transferItems.list({
    tenantId,
    transferId,
    states: ['skipped'],
    afterPosition: -1,
    limit: NAMED,
  });
  const names = items.map(({ filename }) => `'${filename}'`).join(', ');
  const more = skipped > items.length ? ` and ${skipped - items.length} more` : '';
  return `${skipped} of ${expected} files ${skipped === 1 ? 'was' : 'were'} left out: ${names}${more}. The list of files says why.`;
}

async function park(deps: TransferWorkContext, turn: Turn, reason: string): Promise<void> {
  const nowMs = deps.clock.nowMs();
  await deps.db.transaction(async (tx) => {
    const row = await assertRunning(tx, turn);
    await tx.transfers.update(turn.tenantId, turn.transferId, { status: 'parked', reason });
    await tx.audit.append(asSystem(turn.tenantId, row.actor), {
      atMs: nowMs,
      action: `transfer.${row.kind}`,
      subject: turn.transferId,
      outcome: 'parked',
      detail: { reason },
    });
  });
}

async function record(deps: TransferWorkContext, turn: Turn, reason: string): Promise<void> {
  await deps.db.transaction((tx) => tx.transfers.update(turn.tenantId, turn.transferId, { reason }));
}
