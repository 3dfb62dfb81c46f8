import { AppError } from '@espejo/core';
import { inJob } from '../../telemetry/spans.ts';
import type { DeletionDeps } from './deletion-deps.ts';
import { pruneDeletions } from './prune-deletions.ts';
import { settleDeletion } from './settle-deletion.ts';
import { workOnOwnStores } from './work-on-own-stores.ts';
import { workOnSteps } from './work-on-steps.ts';

/** Works deletions off in the background, one at a time per connection. */
export interface DeletionWorkers {
  /**
   * There is work in this deletion, or it was cancelled: starts on it, and makes whoever waits in it look again.
   * `decidedAtMs` is when its decision was read from the live upstream; left out, it is read anew first.
   */
  kick(tenantId: string, deletionId: string, options?: { readonly decidedAtMs: number }): void;
  /** Takes up every deletion that a stop or a crash left open, and forgets those past their retention. */
  resume(tenantId: string): Promise<void>;
  /** Begins no more acts, and waits until those under way are on record or given up. */
  stop(): Promise<void>;
  /** Resolves when nothing is being worked on: for tests and for shutdown. */
  idle(): Promise<void>;
}

/** A deletion that this process works on. */
interface Work {
  /** Turns at its connections that have not ended: the last one records how it stands. */
  turns: number;
  /** Aborted to end a wait. */
  wake: AbortController;
  newsCount: number;
}

interface Turn {
  readonly tenantId: string;
  readonly deletionId: string;
  readonly connectionId: string | null;
  readonly decidedAtMs: number | null;
}

export function createDeletionWorkers(depsOf: () => DeletionDeps): DeletionWorkers {
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

  /** Deletions of one connection run one after the other; those of different connections side by side. */
  function enqueue(turn: Turn, work: Work): void {
    const key = `${turn.tenantId}:${turn.connectionId ?? ''}`;
    work.turns += 1;
    const ended = (queues.get(key) ?? Promise.resolve()).then(async () => {
      const { tenantId, deletionId, connectionId } = turn;
      const fields = { tenantId, deletionId, ...(connectionId !== null && { connectionId }) };
      if (!controller.signal.aborted) await inJob('deletion.turn', fields, () => takeTurn(turn, work));
      work.turns -= 1;
      if (work.turns > 0) return;
      works.delete(turn.deletionId);
      if (!controller.signal.aborted) await settle(turn.tenantId, turn.deletionId);
    });
    queues.set(key, ended);
    track(ended);
  }

  async function takeTurn(turn: Turn, work: Work): Promise<void> {
    const deps = depsOf();
    const { connectionId } = turn;
    try {
      if (connectionId === null) await workOnOwnStores(deps, turn);
      else
        await workOnSteps(deps, {
          ...turn,
          connectionId,
          signal: controller.signal,
          nap,
          newsCount: () => work.newsCount,
        });
    } catch (cause) {
      if (!controller.signal.aborted) await parkUnexpected(deps, turn, cause);
    }

    /** Waits, or until somebody kicks. */
    async function nap(ms: number): Promise<void> {
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
    const deps = depsOf();
    await settleDeletion(deps, tenantId, deletionId).catch((cause: unknown) =>
      deps.log.error({ err: cause, deletionId }, 'the end of a deletion could not be recorded'),
    );
  }

  async function start(tenantId: string, deletionId: string, decidedAtMs: number | null): Promise<void> {
    const deps = depsOf();
    const connections = await deps.db.read.deletionSteps.listPendingConnections(tenantId, deletionId);
    const work = works.get(deletionId) ?? { turns: 0, newsCount: 0, wake: new AbortController() };
    // Acts under way have still to be recorded: their turn settles.
    if (connections.length === 0 && work.turns === 0) return settle(tenantId, deletionId);
    works.set(deletionId, work);
    for (const connectionId of connections) enqueue({ tenantId, deletionId, connectionId, decidedAtMs }, work);
  }

  function kick(tenantId: string, deletionId: string, options?: { readonly decidedAtMs: number }): void {
    if (controller.signal.aborted) return;
    const work = works.get(deletionId);
    if (work !== undefined) {
      work.newsCount += 1;
      work.wake.abort();
    }
    track(
      start(tenantId, deletionId, options?.decidedAtMs ?? null).catch((cause: unknown) =>
        depsOf().log.error({ err: cause, deletionId }, 'a deletion could not be started'),
      ),
    );
  }

  const idle = (): Promise<void> =>
    outstanding === 0 ? Promise.resolve() : new Promise((resolve) => (wakeIdle = [...wakeIdle, resolve]));

  return {
    kick,
    async resume(tenantId) {
      const deps = depsOf();
      for (const row of await deps.db.read.deletions.listOpen(tenantId)) kick(tenantId, row.id);
      await pruneDeletions(deps, tenantId);
    },
    idle,
    async stop() {
      controller.abort(new Error('Espejo is stopping.'));
      await idle();
    },
  };
}

/** A failure nobody foresaw parks what is left, with a retry button, rather than leave it running in name only. */
async function parkUnexpected(deps: DeletionDeps, turn: Turn, cause: unknown): Promise<void> {
  const { tenantId, deletionId, connectionId } = turn;
  deps.log.error({ err: cause, deletionId, connectionId }, 'a deletion stopped unexpectedly');
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
