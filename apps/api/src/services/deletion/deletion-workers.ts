import { AppError } from '@espejo/core';
import type { DeletionDeps } from './deletion-deps.ts';
import { settleDeletion } from './settle-deletion.ts';
import { workOnSteps } from './work-on-steps.ts';

/** Works deletions off in the background, one at a time per connection. */
export interface DeletionWorkers {
  /** There is work in this deletion: starts on it, or makes sure that whoever is at work looks again. */
  kick(tenantId: string, deletionId: string): void;
  /** Takes up every deletion that a stop or a crash left open. */
  resume(tenantId: string): Promise<void>;
  /** Lets acts in flight end, begins no more, and waits for that. */
  stop(): Promise<void>;
  /** Resolves when nothing is being worked on: for tests and for shutdown. */
  idle(): Promise<void>;
}

export function createDeletionWorkers(depsOf: () => DeletionDeps): DeletionWorkers {
  const controller = new AbortController();
  const queues = new Map<string, Promise<void>>();
  let outstanding = 0;
  let wakeIdle: (() => void)[] = [];

  /** Deletions of one connection run one after the other; those of different connections side by side. */
  function enqueue(tenantId: string, deletionId: string, connectionId: string | null): void {
    const key = `${tenantId}:${connectionId ?? ''}`;
    outstanding += 1;
    const turn = (queues.get(key) ?? Promise.resolve()).then(async () => {
      const deps = depsOf();
      try {
        if (!controller.signal.aborted)
          await workOnSteps(deps, { tenantId, deletionId, connectionId, signal: controller.signal });
      } catch (cause) {
        if (!controller.signal.aborted) await parkUnexpected(deps, { tenantId, deletionId, connectionId }, cause);
      }
      if (!controller.signal.aborted)
        await settleDeletion(deps, tenantId, deletionId).catch((cause: unknown) =>
          deps.log.error({ err: cause, deletionId }, 'the end of a deletion could not be recorded'),
        );
      outstanding -= 1;
      if (outstanding === 0) for (const wake of wakeIdle.splice(0)) wake();
    });
    queues.set(key, turn);
  }

  async function start(tenantId: string, deletionId: string): Promise<void> {
    const deps = depsOf();
    const connections = await deps.db.read.deletionSteps.listPendingConnections(tenantId, deletionId);
    if (connections.length === 0) await settleDeletion(deps, tenantId, deletionId);
    for (const connectionId of connections) enqueue(tenantId, deletionId, connectionId);
  }

  function kick(tenantId: string, deletionId: string): void {
    if (controller.signal.aborted) return;
    outstanding += 1;
    start(tenantId, deletionId)
      .catch((cause: unknown) => depsOf().log.error({ err: cause, deletionId }, 'a deletion could not be started'))
      .finally(() => {
        outstanding -= 1;
        if (outstanding === 0) for (const wake of wakeIdle.splice(0)) wake();
      });
  }

  return {
    kick,
    async resume(tenantId) {
      for (const row of await depsOf().db.read.deletions.listOpen(tenantId)) kick(tenantId, row.id);
    },
    idle: () => (outstanding === 0 ? Promise.resolve() : new Promise((resolve) => (wakeIdle = [...wakeIdle, resolve]))),
    async stop() {
      controller.abort(new Error('Espejo is stopping.'));
      await Promise.all(queues.values());
    },
  };
}

/** A failure nobody foresaw parks what is left, with a retry button, rather than leave it running in name only. */
async function parkUnexpected(
  deps: DeletionDeps,
  work: { tenantId: string; deletionId: string; connectionId: string | null },
  cause: unknown,
): Promise<void> {
  const { tenantId, deletionId, connectionId } = work;
  deps.log.error({ err: cause, deletionId, connectionId }, 'a deletion stopped unexpectedly');
  // Another process is at work on it.
  if (cause instanceof AppError && cause.code === 'lease_lost') return;
  const reason =
    cause instanceof AppError
      ? cause.message
      : 'It stopped on an unexpected failure. The log has the details; try again.';
  await deps.db
    .transaction((tx) =>
      tx.deletionSteps.moveAll(tenantId, deletionId, { from: 'pending', to: 'parked', reason, connectionId }),
    )
    .catch((failure: unknown) =>
      deps.log.error({ err: failure, deletionId }, 'a stopped deletion could not be parked'),
    );
}
