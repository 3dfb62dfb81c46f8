import { AppError, type AttachmentSnapshot, type FileSnapshot, guardScope, type StoreSnapshot } from '@espejo/core';
import type { ConnectionRow } from '@espejo/db';
import { UpstreamError, type UpstreamPort } from '@espejo/upstream';
import type { DeletionWorkContext } from '../../context/app-context.ts';
import { inParallel } from '../../in-parallel.ts';

export type ReadDeps = Pick<DeletionWorkContext, 'db' | 'upstreamFor'>;

/** The live state of one project for a plan. */
export interface LiveMembership {
  /** Every store the project lists. */
  readonly live: ReadonlyMap<string, StoreSnapshot>;
  /** Stores of the plan that exist, with their attachments. */
  readonly selected: ReadonlyMap<
    string,
    { readonly snapshot: StoreSnapshot | null; readonly attachments: readonly AttachmentSnapshot[] }
  >;
  /** Stores of the plan that answer 404. */
  readonly goneStoreIds: readonly string[];
  readonly files: ReadonlyMap<string, FileSnapshot>;
}

/**
 * Reads the stores that a plan depends on: all stores (their rows carry the fingerprint), the files of every store of
 * the plan, and the project's files. Throws when any of these listings does not end cleanly: no plan is made from
 * incomplete data.
 */
export async function readLiveAttachments(
  deps: ReadDeps,
  connection: ConnectionRow,
  storeIds: ReadonlySet<string>,
): Promise<LiveMembership> {
  const upstream = deps.upstreamFor(connection);
  const live = await listLiveStores(upstream, connection);
  const selected = new Map<string, { snapshot: StoreSnapshot | null; attachments: AttachmentSnapshot[] }>();
  const goneStoreIds: string[] = [];
  await inParallel(connection.concurrency, [...storeIds], async (id) => {
    // A young store may be missing from the list and exist all the same: only its own 404 proves that it is gone.
    if (!live.has(id) && (await upstream.probeVectorStore(id)) === 'absent') {
      goneStoreIds.push(id);
      return;
    }
    const snapshot = live.get(id) ?? null;
    selected.set(id, { snapshot, attachments: await listStoreFiles(upstream, id, snapshot) });
  });
  const files = new Map<string, FileSnapshot>();
  for await (const page of upstream.listFiles()) for (const file of page.items) files.set(file.id, file);
  return { live, selected, goneStoreIds: goneStoreIds.sort(), files };
}

/**
 * All stores of the project. Throws when another project answers than the mirrored one: to its key every mirrored
 * object looks gone.
 */
export async function listLiveStores(
  upstream: UpstreamPort,
  connection: ConnectionRow,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, StoreSnapshot>> {
  const live = new Map<string, StoreSnapshot>();
  const accepted = { organization: connection.seenOrganization, project: connection.seenProject };
  for await (const page of upstream.listVectorStores({ signal })) {
    const other = guardScope(page.scope, accepted, 1);
    if (other !== null) {
      throw new AppError(
        'upstream_unauthorized',
        `${other.message} Nothing is deleted while that is so. Sync this connection and look at what it says.`,
      );
    }
    for (const store of page.items) live.set(store.id, store);
  }
  return live;
}

/** All attachments of a store, each file once. */
export async function listStoreFiles(
  upstream: UpstreamPort,
  storeId: string,
  snapshot: StoreSnapshot | null,
  signal?: AbortSignal,
): Promise<AttachmentSnapshot[]> {
  const rows = new Map<string, AttachmentSnapshot>();
  try {
    for await (const page of upstream.listAttachments(storeId, { signal })) {
      for (const row of page.items) rows.set(row.fileId, row);
    }
  } catch (cause) {
    // An expired store has detached its files and may refuse to list them; they show up as orphans.
    if (snapshot?.status === 'expired' && cause instanceof UpstreamError && cause.httpStatus === 400) return [];
    throw cause;
  }
  return [...rows.values()];
}
