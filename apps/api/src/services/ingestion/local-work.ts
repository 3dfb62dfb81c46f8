import type { Attributes } from '@espejo/core';
import type { LocalTask } from '@espejo/db';
import { IndexError } from '@espejo/retrieval';
import type { PrimaryDeps } from './content-deps.ts';
import { openAsMade } from './embedders.ts';

/** Does outside the database what the database says is still to be done there. */
export interface LocalWork {
  /**
   * Works the list off once, beginning with what was on it when this was called. A task that fails stays on the list and
   * is logged; it never makes the caller's change fail, which is on record already.
   */
  perform(tenantId: string): Promise<void>;
  /**
   * A store is held for a while: what is to be done in it waits, and `onWanted` hears that something is. Answers the way
   * to let go.
   */
  hold(storeId: string, onWanted: () => void): () => void;
  heldStoreIds(): string[];
}

type LocalWorkDeps = Pick<PrimaryDeps, 'db' | 'blobs' | 'blobGate' | 'index' | 'indexGate' | 'embedders' | 'log'> & {
  /** What was derived from content that a tenant does not have any more is forgotten. */
  readonly forgetDerived: (tenantId: string, sha256: string) => Promise<void>;
};

const PAGE = 200;

export function createLocalWork(deps: LocalWorkDeps): LocalWork {
  const held = new Map<string, () => void>();
  // One pass of a tenant at a time; whoever asks during one waits for the next, which sees what they wrote.
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();

  async function pass(tenantId: string): Promise<void> {
    for (let afterSeq = 0; ; ) {
      const tasks = await deps.db.read.localTasks.list(tenantId, afterSeq, PAGE);
      const done: number[] = [];
      for (const { seq, task } of tasks) {
        afterSeq = seq;
        const onWanted = 'storeId' in task ? held.get(task.storeId) : undefined;
        if (onWanted !== undefined) {
          onWanted();
          continue;
        }
        try {
          await runTask(deps, tenantId, task);
          done.push(seq);
        } catch (cause) {
          deps.log.error({ err: cause, task }, 'a clean-up of local data did not succeed; it is tried again');
        }
      }
      if (done.length > 0) await deps.db.transaction((tx) => tx.localTasks.remove(tenantId, done));
      if (tasks.length < PAGE) return;
    }
  }

  function perform(tenantId: string): Promise<void> {
    const current = running.get(tenantId);
    if (current === undefined) {
      const mine = pass(tenantId).finally(() => running.delete(tenantId));
      running.set(tenantId, mine);
      return mine;
    }
    const waited = next.get(tenantId);
    if (waited !== undefined) return waited;
    const after = current
      .catch(() => undefined)
      .then(() => {
        next.delete(tenantId);
        return perform(tenantId);
      });
    next.set(tenantId, after);
    return after;
  }

  return {
    perform,
    hold(storeId, onWanted) {
      held.set(storeId, onWanted);
      return () => {
        held.delete(storeId);
      };
    },
    heldStoreIds: () => [...held.keys()],
  };
}

async function runTask(deps: LocalWorkDeps, tenantId: string, task: LocalTask): Promise<void> {
  const { read } = deps.db;
  switch (task.kind) {
    case 'remove_blob': {
      await deps.blobGate.run(task.sha256, async () => {
        if (!(await read.ownFiles.isContentUsedBy(tenantId, task.sha256)))
          await deps.forgetDerived(tenantId, task.sha256);
        if (!(await read.ownFiles.isContentUsed(task.sha256))) await deps.blobs.remove(task.sha256);
      });
      return;
    }
    case 'drop_store':
      await deps.indexGate.run(task.storeId, () => deps.index.drop(task.storeId));
      return;
    case 'remove_file':
      await deps.indexGate.run(task.storeId, async () => {
        // What was attached and taken in again since then is in there rightly.
        const attachment = await read.attachmentList.find(tenantId, task.storeId, task.fileId);
        if (attachment?.status === 'completed' || (await read.vectorStores.find(tenantId, task.storeId)) === undefined)
          return;
        await openAsMade(deps, { tenantId, storeId: task.storeId });
        await deps.index.removeFile(task.storeId, task.fileId);
      });
      return;
    case 'set_attributes':
      await deps.indexGate.run(task.storeId, async () => {
        const attachment = await read.attachmentList.find(tenantId, task.storeId, task.fileId);
        if (attachment?.status !== 'completed') return;
        // Only values that were checked are ever written to a row of ours.
        const attributes = (attachment.attributes ?? {}) as Attributes;
        await openAsMade(deps, { tenantId, storeId: task.storeId });
        await deps.index.setAttributes(task.storeId, task.fileId, attributes).catch((cause: unknown) => {
          // An index that somebody has taken away: the file is taken in anew, with its attributes, or not at all.
          if (!(cause instanceof IndexError) || cause.code !== 'file_not_found') throw cause;
        });
      });
  }
}
