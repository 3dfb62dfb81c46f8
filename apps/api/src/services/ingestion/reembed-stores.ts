import { asSystem } from '@espejo/core';
import type { PrimaryContext } from '../context/app-context.ts';
import { adoptCurrentModel, openAsMade } from '../store-index/embedders.ts';
import { storeKey } from '../store-index/store-key.ts';

type ReembedDeps = Pick<PrimaryContext, 'db' | 'clock' | 'log' | 'index' | 'indexGate' | 'embedders' | 'localWork'>;

const PAGE = 50;

/**
 * Replaces the vectors of every store that was made with another model, one store at a time, last used first. A store
 * serves with its old vectors until all the new ones are there. Other work in a store interrupts this, is done, and
 * this continues. Returns how many stores have the current model now.
 */
export async function reembedStores(
  deps: ReembedDeps,
  input: { readonly tenantId: string; readonly signal: AbortSignal },
): Promise<{ done: number; failed: number }> {
  const { tenantId, signal } = input;
  const { fingerprint } = deps.embedders.current.model;
  const given = new Set<string>();
  let done = 0;
  for (;;) {
    const due = await deps.db.read.embeddingModels.listStoresOfOthers(tenantId, fingerprint, PAGE + given.size);
    const storeId = due.find((id) => !given.has(id));
    if (storeId === undefined || signal.aborted) return { done, failed: given.size };
    try {
      if (await reembedStore(deps, { tenantId, storeId, signal })) done += 1;
    } catch (cause) {
      if (signal.aborted) return { done, failed: given.size };
      given.add(storeId);
      deps.log.error({ err: cause, storeId }, 'a store could not be reembedded; it keeps its vectors, and is retried');
    }
  }
}

/** False: it was interrupted, and has to be continued. */
async function reembedStore(
  deps: ReembedDeps,
  { tenantId, storeId, signal }: { tenantId: string; storeId: string; signal: AbortSignal },
): Promise<boolean> {
  const { current } = deps.embedders;
  const interruption = new AbortController();
  const release = deps.localWork.hold(tenantId, storeId, () =>
    interruption.abort(new Error('There is work to do in the store.')),
  );
  const either = AbortSignal.any([signal, interruption.signal]);
  try {
    await deps.indexGate.run(storeKey(tenantId, storeId), async () => {
      const made = await openAsMade(deps, { tenantId, storeId });
      if (made.fingerprint === current.model.fingerprint) return;
      const vectorsOf = (texts: string[]) => current.embed(texts, { purpose: 'document', signal: either });
      await deps.index.reembed(storeKey(tenantId, storeId), current.model, vectorsOf, either);
      await deps.db.transaction(async (tx) => {
        await adoptCurrentModel(tx, deps.embedders, tenantId, storeId);
        await tx.audit.append(asSystem(tenantId, 'ingestion'), {
          atMs: deps.clock.nowMs(),
          action: 'vector_store.reembedded',
          subject: storeId,
          outcome: 'done',
          detail: { before: made.name, after: current.model.name },
        });
      });
    });
    return true;
  } catch (cause) {
    if (interruption.signal.aborted && !signal.aborted) return false;
    throw cause;
  } finally {
    release();
    await deps.localWork.perform(tenantId);
  }
}
