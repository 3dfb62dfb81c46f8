import { classify, diffStoreFields } from '@espejo/core';
import type { Repositories } from '@espejo/db';
import type { ListedStore, StoresListed } from '../list/list-stores.ts';
import { missingMarkMs, type RunContext, writeMirror, yieldToServer } from '../run/run-context.ts';
import { assertUnowned } from './assert-unowned.ts';

/** Stores written in one transaction. */
const CHUNK = 250;

/**
 * Writes the result of the listing of stores: new and changed rows, and `missing_since` of those a complete listing did
 * not show. Removes nothing. A dry run only records the differences.
 */
export async function applyStores(ctx: RunContext, listing: StoresListed): Promise<void> {
  const { counters } = ctx.recorder;
  const different = [...listing.listed.values()].filter(
    (store) => classify(listing.known.get(store.snapshot.id), store.fingerprint) !== 'unchanged',
  );
  const idsOf = (stores: readonly ListedStore[]) => stores.map((store) => store.snapshot.id);
  await assertUnowned(ctx.db.read, ctx, 'mirrorStores', idsOf(different));
  for (let i = 0; i < different.length; i += CHUNK) {
    const chunk = different.slice(i, i + CHUNK);
    await noteDifferences(ctx, ctx.db.read, listing, chunk);
    if (!ctx.run.isDryRun) {
      await writeMirror(ctx, async (tx) => {
        await assertUnowned(tx, ctx, 'mirrorStores', idsOf(chunk));
        await tx.mirrorStores.upsert(ctx.tenantId, ctx.connection.id, chunk, ctx.clock.nowMs());
      });
    }
    await yieldToServer();
  }
  for (const id of listing.unseenIds) {
    const known = listing.known.get(id);
    counters.stores.missing += 1;
    if (known !== undefined && !known.isMissing) ctx.recorder.change(id, known.name).action = 'missing';
  }
  if (ctx.run.isDryRun) return;
  const nowMs = ctx.clock.nowMs();
  await writeMirror(ctx, async (tx) => {
    await tx.mirrorStores.markMissing(ctx.tenantId, listing.unseenIds, missingMarkMs(ctx));
    await tx.connections.update(ctx.tenantId, ctx.connection.id, {
      ...(listing.isComplete ? { storesListedAtMs: nowMs } : {}),
      ...(listing.scope.organization === null ? {} : { seenOrganization: listing.scope.organization }),
      ...(listing.scope.project === null ? {} : { seenProject: listing.scope.project }),
    });
  });
}

async function noteDifferences(
  ctx: RunContext,
  read: Repositories,
  listing: StoresListed,
  chunk: readonly ListedStore[],
): Promise<void> {
  const { counters } = ctx.recorder;
  for (const { snapshot, fingerprint } of chunk) {
    const sighting = classify(listing.known.get(snapshot.id), fingerprint);
    const draft = ctx.recorder.change(snapshot.id, snapshot.name);
    if (sighting === 'added') {
      counters.stores.added += 1;
      draft.action = 'added';
      continue;
    }
    counters.stores[sighting === 'returned' ? 'returned' : 'changed'] += 1;
    draft.action = sighting === 'returned' ? 'returned' : 'changed';
    const before = await read.vectorStores.find(ctx.tenantId, snapshot.id);
    if (before !== undefined) draft.fields = diffStoreFields(before, snapshot);
  }
}
