import { toSeconds } from '@espejo/core';
import type { ConnectionRow, VectorStoreRecord } from '@espejo/db';
import { whereUsed } from '../agents/where-used.ts';
import type { VectorStoreContext } from '../context/app-context.ts';
import { findVectorStore } from '../lookup/find-vector-store.ts';
import { connectionsById } from './list-vector-stores.ts';
import { confirmedAtMs, presentVectorStore } from './present-vector-store.ts';
import type { VectorStoreDetail } from './views.ts';

/** A store with the mirror's file counts. Throws `vector_store_not_found`. */
export async function getVectorStore(
  deps: VectorStoreContext,
  input: { tenantId: string; id: string },
): Promise<VectorStoreDetail> {
  return describeVectorStore(deps, await findVectorStore(deps, input.tenantId, input.id));
}

/** A store that was just read or written, with the mirror's file counts. */
export async function describeVectorStore(
  deps: VectorStoreContext,
  store: VectorStoreRecord,
): Promise<VectorStoreDetail> {
  const { tenantId, id } = store;
  const connections = await connectionsById(deps, tenantId);
  const connection = store.connectionId === null ? undefined : connections.get(store.connectionId);
  const uses = await whereUsed(deps, { tenantId, storeIds: [id] });
  const { heldCount, ghostCount } = await deps.db.read.attachments.storeTotals(tenantId, id);
  return {
    ...presentVectorStore(deps, store, connections),
    readOnlyReason: store.source === 'cache' ? readOnlyReason(connection) : null,
    filesListedAt: filesListedAt(store, connection),
    filesListingComplete: isFileListingComplete(store, heldCount),
    listedFileCount: heldCount,
    // Before the project's files were listed once, an unknown file is not a ghost.
    ghostCount: connection?.filesListedAtMs == null ? 0 : ghostCount,
    extra: store.extra === null ? null : { ...store.extra },
    usedBy: [...(uses.get(id) ?? [])],
    unfinishedDeletion: await findUnfinishedDeletion(deps, store, confirmedAtMs(store, connections)),
    trashedAt: store.trashedAtMs === null ? null : toSeconds(store.trashedAtMs),
    purgeAt: store.trashedAtMs === null ? null : toSeconds(store.trashedAtMs + deps.expiry.trashRetentionMs),
  };
}

/** Upstream's counts are older than such a deletion until the store is listed again. A primary store is never half deleted. */
async function findUnfinishedDeletion(
  deps: Pick<VectorStoreContext, 'db'>,
  { tenantId, id }: VectorStoreRecord,
  listedAtMs: number | null,
): Promise<VectorStoreDetail['unfinishedDeletion']> {
  if (listedAtMs === null) return null;
  const found = await deps.db.read.deletionSteps.findUnfinishedOfStore(tenantId, id, listedAtMs);
  if (found === undefined) return null;
  const { finishedAtMs, ...deletion } = found;
  return { ...deletion, finishedAt: finishedAtMs === null ? null : toSeconds(finishedAtMs) };
}

/** Whether what is held of the store's files is the whole of what upstream's row claims: listed to the end since it last changed. */
export function isFileListingComplete(store: VectorStoreRecord, heldCount: number): boolean {
  if (store.source === 'primary') return true;
  // An empty store needs no listing.
  return store.isFileListingCurrent || (store.fileCounts.total === 0 && heldCount === 0);
}

function filesListedAt(store: VectorStoreRecord, connection: ConnectionRow | undefined): number | null {
  if (store.filesListedAtMs === null) return null;
  // An unchanged fingerprint in a later complete listing of stores confirms its files too.
  const confirmedAtMs = store.isFileListingCurrent ? (connection?.storesListedAtMs ?? 0) : 0;
  return toSeconds(Math.max(store.filesListedAtMs, confirmedAtMs));
}

function readOnlyReason(connection: ConnectionRow | undefined): string {
  const where =
    connection === undefined ? 'its OpenAI project' : `the OpenAI project of connection '${connection.name}'`;
  return `This is a mirror: a read-only copy of a vector store in ${where}. Edit it there; the change arrives here with the next sync.`;
}
