import type { StepState } from '@espejo/core';
import type { DeletionStepRecord, Lease, Repositories } from '@espejo/db';
import type { DeletionWorkContext } from '../../context/app-context.ts';
import { createMirrorWriter } from '../../sync/apply/mirror-writer.ts';

import { removeMirroredRows } from './remove-mirrored-rows.ts';

/** Records the results of steps, many in one transaction, which first proves that the lease is held. */
export interface StepRecorder {
  /** Does not wait for the disk, as a step is safe to repeat. Rejects when an earlier record could not be written. */
  record(step: DeletionStepRecord, state: StepState, reason: string | null, attempts: number): Promise<void>;
  /** Parks every pending step of this connection. */
  parkPending(reason: string): Promise<void>;
  flush(): Promise<void>;
}

/** How long records are gathered for one transaction: a busy deletion ends hundreds of steps a second. */
const GATHER_MS = 25;

export function createStepRecorder(
  deps: Pick<DeletionWorkContext, 'db' | 'clock' | 'log'>,
  input: {
    readonly tenantId: string;
    readonly deletionId: string;
    readonly connectionId: string;
    readonly lease: Lease;
  },
): StepRecorder {
  const { tenantId, deletionId, connectionId, lease } = input;
  const writer = createMirrorWriter((writes) => commit(writes));

  let timer: NodeJS.Timeout | undefined;
  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    return writer.flush();
  }

  /** The permit is for removing the mirrored rows of what is gone. */
  function commit(writes: readonly ((tx: Repositories) => Promise<void>)[]): Promise<void> {
    return deps.db.transaction(async (tx) => {
      await tx.leases.assertHeld(lease);
      await tx.mirrorPermits.grant(tenantId, connectionId);
      for (const write of writes) await write(tx);
      await tx.mirrorPermits.revoke();
    });
  }

  return {
    async record(step, state, reason, attempts) {
      const finishedAtMs = state === 'done' || state === 'cancelled' ? deps.clock.nowMs() : null;
      await writer.push(1, async (tx) => {
        if (state === 'done') await removeMirroredRows(tx, tenantId, connectionId, step);
        await tx.deletionSteps.setState(tenantId, deletionId, step.seq, { state, reason, attempts, finishedAtMs });
      });
      timer ??= setTimeout(() => {
        flush().catch((cause: unknown) => deps.log.warn({ err: cause, deletionId }, 'a step could not be recorded'));
      }, GATHER_MS);
    },
    parkPending: (reason) =>
      commit([
        async (tx) => {
          const change = { from: 'pending', to: 'parked', reason, connectionId } as const;
          await tx.deletionSteps.moveAll(tenantId, deletionId, change);
        },
      ]),
    flush,
  };
}
