import { createListingDiff, type StoreSnapshot, storeFingerprint, type UpstreamScopeSeen } from '@espejo/core';
import type { KnownStore } from '@espejo/db';
import { UpstreamError } from '@espejo/upstream';
import { enterPhase, type RunContext } from '../run/run-context.ts';
import { isFatal } from '../run/run-failure.ts';

export interface ListedStore {
  readonly snapshot: StoreSnapshot;
  readonly fingerprint: string;
}

export interface StoresListed {
  readonly known: ReadonlyMap<string, KnownStore>;
  /** Every listed store, once. */
  readonly listed: ReadonlyMap<string, ListedStore>;
  /** Known stores that were not listed; empty unless the listing is complete. */
  readonly unseenIds: readonly string[];
  readonly seenKnownCount: number;
  readonly isComplete: boolean;
  /** Why the listing is not complete. */
  readonly failure: UpstreamError | null;
  readonly scope: UpstreamScopeSeen;
  /** When the listing began, in ms: later changes may be missing from it. */
  readonly startedAtMs: number;
}

/** Lists the stores of the project and compares them with the mirror; writes nothing. */
export async function listStores(ctx: RunContext): Promise<StoresListed> {
  enterPhase(ctx, 'listing_stores', null);
  const startedAtMs = ctx.clock.nowMs();
  const known = await ctx.db.read.mirrorStores.listKnown(ctx.tenantId, ctx.connection.id);
  const diff = createListingDiff(known);
  const listed = new Map<string, ListedStore>();
  let scope: UpstreamScopeSeen = { organization: null, project: null };
  let failure: UpstreamError | null = null;
  let seenKnownCount = 0;
  try {
    for await (const page of ctx.upstream.listVectorStores({ signal: ctx.signal })) {
      scope = page.scope;
      for (const snapshot of page.items) {
        const fingerprint = storeFingerprint(snapshot);
        if (diff.see(snapshot.id, fingerprint) !== 'repeated' && known.has(snapshot.id)) seenKnownCount += 1;
        listed.set(snapshot.id, { snapshot, fingerprint });
      }
      ctx.recorder.counters.stores.seen = listed.size;
      ctx.recorder.advance(page.items.length);
    }
  } catch (cause) {
    if (!(cause instanceof UpstreamError) || isFatal(cause) || listed.size === 0) throw cause;
    failure = cause;
    ctx.log.warn({ err: cause, storesListed: listed.size }, 'the listing of stores did not end cleanly');
  }
  return {
    known,
    listed,
    unseenIds: failure === null ? diff.unseen() : [],
    seenKnownCount,
    isComplete: failure === null,
    failure,
    scope,
    startedAtMs,
  };
}
