import { type FileSnapshot, type StoreSnapshot, storeFingerprint } from '@espejo/core';
import type { ConnectionRow } from '@espejo/db';
import { UpstreamError } from '@espejo/upstream';
import type { DeletionDeps } from './deletion-deps.ts';

/** Who holds what in one project, read from the live upstream. */
export interface LiveMembership {
  readonly connection: ConnectionRow;
  /** Stores of the plan that are there, with their files. */
  readonly selected: ReadonlyMap<
    string,
    { readonly snapshot: StoreSnapshot | null; readonly fileIds: readonly string[] }
  >;
  /** Stores of the plan that answer 404. */
  readonly goneStoreIds: readonly string[];
  /** Stores outside the plan that hold a file, as far as this listing had to ask. */
  readonly outsideHolders: ReadonlyMap<string, readonly string[]>;
  /** Outside stores whose live row is the one under which the mirror listed them to the end: the mirror speaks for them. */
  readonly unchangedStoreIds: ReadonlySet<string>;
  readonly files: ReadonlyMap<string, FileSnapshot>;
}

/**
 * Reads the live membership a plan depends on with as few requests as tell the truth: all stores (their rows carry the
 * fingerprint), the files of every store of the plan, the files of every outside store that moved since the mirror
 * listed it, and the project's files. Throws when any of these listings does not end cleanly: nothing is planned on half
 * a truth.
 */
export async function readMembership(
  deps: Pick<DeletionDeps, 'db' | 'upstreamFor'>,
  connection: ConnectionRow,
  storeIds: ReadonlySet<string>,
  /** Stores that stay, but whose files must be read live whatever the mirror says. */
  alsoListed: ReadonlySet<string> = new Set(),
): Promise<LiveMembership> {
  const upstream = deps.upstreamFor(connection);
  const live = new Map<string, StoreSnapshot>();
  for await (const page of upstream.listVectorStores()) for (const store of page.items) live.set(store.id, store);

  const selected = new Map<string, { snapshot: StoreSnapshot | null; fileIds: string[] }>();
  const goneStoreIds: string[] = [];
  await inParallel(connection.concurrency, [...storeIds], async (id) => {
    // A young store may be missing from the list and be there all the same: only its own 404 says that it is gone.
    if (!live.has(id) && (await upstream.probeVectorStore(id)) === 'absent') {
      goneStoreIds.push(id);
      return;
    }
    const snapshot = live.get(id) ?? null;
    const fileIds = await listFileIds(upstream, id).catch((cause: unknown) => {
      // An expired store has let go of its files and may refuse to list them; they show up as orphans.
      if (snapshot?.status === 'expired' && cause instanceof UpstreamError && cause.httpStatus === 400) return [];
      throw cause;
    });
    selected.set(id, { snapshot, fileIds });
  });

  const known = await deps.db.read.mirrorStores.listKnown(connection.tenantId, connection.id);
  const unchangedStoreIds = new Set<string>();
  const moved: string[] = [];
  for (const [id, store] of live) {
    if (storeIds.has(id)) continue;
    const isSame =
      !alsoListed.has(id) &&
      store.fileCounts.in_progress === 0 &&
      known.get(id)?.listedFingerprint === storeFingerprint(store);
    if (isSame) unchangedStoreIds.add(id);
    else if (store.fileCounts.total > 0 || alsoListed.has(id)) moved.push(id);
  }
  const outsideHolders = new Map<string, string[]>();
  await inParallel(connection.concurrency, moved, async (storeId) => {
    for (const fileId of await listFileIds(upstream, storeId)) {
      const holders = outsideHolders.get(fileId);
      if (holders === undefined) outsideHolders.set(fileId, [storeId]);
      else holders.push(storeId);
    }
  });

  const files = new Map<string, FileSnapshot>();
  for await (const page of upstream.listFiles()) for (const file of page.items) files.set(file.id, file);
  return { connection, selected, goneStoreIds, outsideHolders, unchangedStoreIds, files };
}

async function listFileIds(upstream: ReturnType<DeletionDeps['upstreamFor']>, storeId: string): Promise<string[]> {
  const ids = new Set<string>();
  for await (const page of upstream.listAttachments(storeId)) for (const row of page.items) ids.add(row.fileId);
  return [...ids];
}

/** Runs `work` over all items, so many at a time, and throws the first failure once every worker has stopped. */
export async function inParallel<T>(
  concurrency: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let hasFailed = false;
  const workers = Array.from({ length: Math.min(concurrency, items.length) }, async () => {
    while (next < items.length && !hasFailed) {
      const item = items[next];
      next += 1;
      try {
        if (item !== undefined) await work(item);
      } catch (cause) {
        hasFailed = true;
        throw cause;
      }
    }
  });
  const failed = (await Promise.allSettled(workers)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
