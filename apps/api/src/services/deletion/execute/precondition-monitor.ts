import type { ConnectionRow, DeletionStepRecord } from '@espejo/db';
import type { DeletionWorkContext } from '../../context/app-context.ts';
import type { FileReferences } from '../plan/find-references.ts';
import { recheckReferences } from './recheck-references.ts';
import { upstreamIdentity } from './upstream-identity.ts';

/** How long a plan is used before it is compared with the live upstream again. */
const DECISION_GOOD_FOR_MS = 60_000;
/** How often a cancel by another process, or an edit of the connection, is looked for. */
const LOOK_INTERVAL_MS = 100;

export type Interruption = { readonly type: 'cancelled' } | { readonly type: 'stop'; readonly reason: string };

/** Checks, while steps run, that the preconditions of the deletion still hold. */
export interface PreconditionMonitor {
  /** Checks when a check is due; null: go on. Throws when the live upstream could not be read. */
  look(): Promise<Interruption | null>;
  /** Stores that were attached to a file after its deletion was decided. */
  newHoldersOf(fileId: string): FileReferences | undefined;
  /** When the plan was last compared with the live upstream. */
  readonly decidedAtMs: number | null;
}

export interface PreconditionMonitorInput {
  readonly tenantId: string;
  readonly deletionId: string;
  readonly connection: ConnectionRow;
  readonly steps: readonly DeletionStepRecord[];
  readonly decidedAtMs: number | null;
  /** Counts the notifications of the deletion in this process. */
  readonly changeCount: () => number;
  readonly signal: AbortSignal;
}

export function createPreconditionMonitor(
  deps: DeletionWorkContext,
  input: PreconditionMonitorInput,
): PreconditionMonitor {
  const { tenantId, deletionId, connection, steps, signal } = input;
  let { decidedAtMs } = input;
  let newHolders: ReadonlyMap<string, FileReferences> = new Map();
  let lookedAtMs = performance.now();
  let newsSeen = input.changeCount();
  let rereading: Promise<void> | undefined;

  async function findInterruption(): Promise<Interruption | null> {
    const deletion = await deps.db.read.deletions.find(tenantId, deletionId);
    if (deletion === undefined || deletion.isCancelRequested) return { type: 'cancelled' };
    const current = await deps.db.read.connections.find(tenantId, connection.id);
    const reason = refusalOf(current, steps);
    return reason === null ? null : { type: 'stop', reason };
  }

  async function reread(): Promise<void> {
    const nowMs = deps.clock.nowMs();
    newHolders = await recheckReferences(deps, connection, steps, signal);
    decidedAtMs = nowMs;
  }

  return {
    async look() {
      const nowMs = performance.now();
      if (nowMs - lookedAtMs >= LOOK_INTERVAL_MS || newsSeen !== input.changeCount()) {
        lookedAtMs = nowMs;
        newsSeen = input.changeCount();
        const interruption = await findInterruption();
        if (interruption !== null) return interruption;
      }
      // With a clock that was set back it would never look old.
      const ageMs = decidedAtMs === null ? null : Math.abs(deps.clock.nowMs() - decidedAtMs);
      if (ageMs === null || ageMs > DECISION_GOOD_FOR_MS) {
        // All steps wait for it: nothing is deleted on outdated data.
        rereading ??= reread().finally(() => {
          rereading = undefined;
        });
        await rereading;
      }
      return null;
    },
    newHoldersOf: (fileId) => newHolders.get(fileId),
    get decidedAtMs() {
      return decidedAtMs;
    },
  };
}

/** Why no step can be done through the connection any more; null: steps can be done. */
export function refusalOf(connection: ConnectionRow | undefined, steps: readonly DeletionStepRecord[]): string | null {
  if (connection === undefined) {
    return 'The connection of these steps has been deleted. Nothing more can be done through it.';
  }
  if (!connection.isEnabled) return `Connection '${connection.name}' is disabled. Enable it, then try again.`;
  const identity = upstreamIdentity(connection);
  return steps.some((step) => step.state === 'pending' && step.upstreamIdentity !== identity)
    ? 'The connection has another address, key or project than when this was planned. Make a new plan.'
    : null;
}
