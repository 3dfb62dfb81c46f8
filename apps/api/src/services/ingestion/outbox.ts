import type { Attributes } from '@espejo/core';
import type { LocalTask } from '@espejo/db';
import { IndexError } from '@espejo/retrieval';
import type { PrimaryContext } from '../context/app-context.ts';
import type { Outbox } from '../context/outbox.ts';
import { openAsMade } from '../store-index/embedders.ts';
import { type StoreKey, storeKey } from '../store-index/store-key.ts';

type OutboxDeps = Pick<PrimaryContext, 'db' | 'blobs' | 'blobGate' | 'index' | 'indexGate' | 'embedders' | 'log'> & {
  /** Cached results for content that a tenant no longer has are removed. */
  readonly forgetDerived: (tenantId: string, sha256: string) => Promise<void>;
};

const PAGE = 200;

export function createOutbox(deps: OutboxDeps): Outbox {
  const held = new Map<StoreKey, { readonly tenantId: string; readonly storeId: string; onWanted: () => void }>();
  // One pass of a tenant at a time; a caller during a pass waits for the next, which sees the rows it wrote.
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();

  async function pass(tenantId: string): Promise<void> {
    for (let afterSeq = 0; ; ) {
      const tasks = await deps.db.read.localTasks.list(tenantId, afterSeq, PAGE);
      const done: number[] = [];
      for (const { seq, task } of tasks) {
        afterSeq = seq;
        const holder = 'storeId' in task ? held.get(storeKey(tenantId, task.storeId)) : undefined;
        if (holder !== undefined) {
          holder.onWanted();
          continue;
        }
        try {
          await runTask(deps, tenantId, task);
          done.push(seq);
        } catch (cause) {
          deps.log.error({ err: cause, task }, 'a clean-up of local data failed; it is retried');
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
    hold(tenantId, storeId, onWanted) {
      const key = storeKey(tenantId, storeId);
      held.set(key, { tenantId, storeId, onWanted });
      return () => {
        held.delete(key);
      };
    },
    isHeld: (tenantId, storeId) => held.has(storeKey(tenantId, storeId)),
    heldStoreIds: (tenantId) =>
      [...held.values()].filter((holder) => holder.tenantId === tenantId).map((holder) => holder.storeId),
  };
}

async function runTask(deps: OutboxDeps, tenantId: string, task: LocalTask): Promise<void> {
  const { read } = deps.db;
  switch (task.kind) {
    case 'remove_blob': {
      await deps.blobGate.run(task.sha256, async () => {
        if (!(await read.primaryFiles.isContentUsedBy(tenantId, task.sha256)))
          await deps.forgetDerived(tenantId, task.sha256);
        if (!(await read.primaryFiles.isContentUsed(task.sha256))) await deps.blobs.remove(task.sha256);
      });
      return;
    }
    case 'drop_store':
      await deps.indexGate.run(storeKey(tenantId, task.storeId), () =>
        deps.index.drop(storeKey(tenantId, task.storeId)),
      );
      return;
    case 'remove_file':
      await deps.indexGate.run(storeKey(tenantId, task.storeId), async () => {
        // A file that was attached and ingested again since then stays in the index.
        const attachment = await read.attachmentList.find(tenantId, task.storeId, task.fileId);
        if (attachment?.status === 'completed' || (await read.vectorStores.find(tenantId, task.storeId)) === undefined)
          return;
        await openAsMade(deps, { tenantId, storeId: task.storeId });
        await deps.index.removeFile(storeKey(tenantId, task.storeId), task.fileId);
      });
      return;
    case 'set_attributes':
      await deps.indexGate.run(storeKey(tenantId, task.storeId), async () => {
        const attachment = await read.attachmentList.find(tenantId, task.storeId, task.fileId);
        if (attachment?.status !== 'completed') return;
        // Only checked values are ever written to a primary row.
        const attributes = (attachment.attributes ?? {}) as Attributes;
        await openAsMade(deps, { tenantId, storeId: task.storeId });
        await deps.index
          .setAttributes(storeKey(tenantId, task.storeId), task.fileId, attributes)
          .catch((cause: unknown) => {
            // The index file is missing: the file is ingested again, with its attributes, or not at all.
            if (!(cause instanceof IndexError) || cause.code !== 'file_not_found') throw cause;
          });
      });
  }
}
