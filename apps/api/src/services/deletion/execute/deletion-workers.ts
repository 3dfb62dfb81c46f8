import { AppError } from '@espejo/core';
import { withJobSpan } from '../../../telemetry/spans.ts';
import type { DeletionWorkContext } from '../../context/app-context.ts';
import type { DeletionQueue } from '../../context/queues.ts';

import { pruneDeletions } from '../prune-deletions.ts';
import { executeLocalSteps } from './execute-local-steps.ts';
import { finalizeDeletion } from './finalize-deletion.ts';
import { runDeletion } from './run-deletion.ts';

/** A deletion in this process. */
interface Work {
  /** Workers of its connections that have not ended: the last one records the status. */
  turns: number;
  /** Aborted to end a wait. */
  wake: AbortController;
  changeCount: number;
}

interface Turn {
  readonly tenantId: string;
  readonly deletionId: string;
  readonly connectionId: string | null;
  readonly decidedAtMs: number | null;
}

function keyOf({ tenantId, deletionId }: Pick<Turn, 'tenantId' | 'deletionId'>): string {
  return `${tenantId}:${deletionId}`;
}

export function createDeletionWorkers(deps: DeletionWorkContext): DeletionQueue {
  const controller = new AbortController();
  const queues = new Map<string, Promise<void>>();
  const works = new Map<string, Work>();
  let outstanding = 0;
  let wakeIdle: (() => void)[] = [];

  function track(work: Promise<unknown>): void {
    outstanding += 1;
    void work.finally(() => {
      outstanding -= 1;
      if (outstanding === 0) for (const wake of wakeIdle.splice(0)) wake();
    });
  }

  /** Deletions of one connection run one after the other; those of different connections in parallel. */
  function enqueue(turn: Turn, work: Work): void {
    const key = `${turn.tenantId}:${turn.connectionId ?? ''}`;
    work.turns += 1;
    const ended = (queues.get(key) ?? Promise.resolve()).then(async () => {
      const { tenantId, deletionId, connectionId } = turn;
      const fields = { tenantId, deletionId, ...(connectionId !== null && { connectionId }) };
      if (!controller.signal.aborted) await withJobSpan('deletion.turn', fields, () => takeTurn(turn, work));
      work.turns -= 1;
      if (work.turns > 0) return;
      works.delete(keyOf(turn));
      if (!controller.signal.aborted) await settle(turn.tenantId, turn.deletionId);
    });
    queues.set(key, ended);
    track(ended);
  }

  async function takeTurn(turn: Turn, work: Work): Promise<void> {
    const { connectionId } = turn;
    try {
      if (connectionId === null) await executeLocalSteps(deps, turn);
      else
        await runDeletion(deps, {
          ...turn,
          connectionId,
          signal: controller.signal,
          sleepUntilWoken,
          changeCount: () => work.changeCount,
        });
    } catch (cause) {
      if (!controller.signal.aborted) await parkUnexpected(deps, turn, cause);
    }

    /** Waits that long, or until woken. */
    async function sleepUntilWoken(ms: number): Promise<void> {
      const { wake } = work;
      try {
        await deps.sleep(ms, AbortSignal.any([wake.signal, controller.signal]));
      } catch (cause) {
        controller.signal.throwIfAborted();
        if (!wake.signal.aborted) throw cause;
        if (work.wake === wake) work.wake = new AbortController();
      }
    }
  }

  async function settle(tenantId: string, deletionId: string): Promise<void> {
    await finalizeDeletion(deps, tenantId, deletionId).catch((cause: unknown) =>
      deps.log.error({ err: cause, deletionId }, 'the end of a deletion could not be recorded'),
    );
  }

  async function start(tenantId: string, deletionId: string, decidedAtMs: number | null): Promise<void> {
    const connections = await deps.db.read.deletionSteps.listPendingConnections(tenantId, deletionId);
    const work = works.get(keyOf({ tenantId, deletionId })) ?? {
      turns: 0,
      changeCount: 0,
      wake: new AbortController(),
    };
    // Steps in progress are still to be recorded: their worker finalises the deletion.
    if (connections.length === 0 && work.turns === 0) return settle(tenantId, deletionId);
    works.set(keyOf({ tenantId, deletionId }), work);
    for (const connectionId of connections) enqueue({ tenantId, deletionId, connectionId, decidedAtMs }, work);
  }

  function wake(tenantId: string, deletionId: string, options?: { readonly decidedAtMs: number }): void {
    if (controller.signal.aborted) return;
    const work = works.get(keyOf({ tenantId, deletionId }));
    if (work !== undefined) {
      work.changeCount += 1;
      work.wake.abort();
    }
    track(
      start(tenantId, deletionId, options?.decidedAtMs ?? null).catch((cause: unknown) =>
        deps.log.error({ err: cause, deletionId }, 'a deletion could not be started'),
      ),
    );
  }

  const idle = (): Promise<void> =>
    outstanding === 0 ? Promise.resolve() : new Promise((resolve) => (wakeIdle = [...wakeIdle, resolve]));

  return {
    wake,
    async resume(tenantId) {
      for (const row of await deps.db.read.deletions.listOpen(tenantId)) wake(tenantId, row.id);
      await pruneDeletions(deps, tenantId);
    },
    idle,
    async stop() {
      controller.abort(new Error('Espejo is stopping.'));
      await idle();
    },
  };
}

/**
 * After an unexpected error the remaining steps are parked with a retry button, so that the deletion is not shown as
 * running.
 */
async function parkUnexpected(deps: DeletionWorkContext, turn: Turn, cause: unknown): Promise<void> {
  const { tenantId, deletionId, connectionId } = turn;
  deps.log.error({ err: cause, deletionId, connectionId }, 'a deletion stopped unexpectedly');
  const reason =
    cause instanceof AppError
      ? cause.message
      : 'It stopped on an unexpected error. The log has the details; try again.';
  await deps.db
    .transaction((tx) =>
      tx.deletionSteps.moveAll(tenantId, deletionId, { from: 'pending', to: 'parked', reason, connectionId }),
    )
    .catch((failure: unknown) =>
      deps.log.error({ err: failure, deletionId }, 'a stopped deletion could not be parked'),
    );
}
