import { AppError } from '@espejo/core';
import type { ConnectionRow, StoreFilter, VectorStoreRecord } from '@espejo/db';
import type { DeletionWorkContext, VectorStoreContext } from '../../context/app-context.ts';
import { listMatchingStores } from '../../vector-stores/list-matching-stores.ts';
import { toStoreFilter } from '../../vector-stores/list-vector-stores.ts';
import { DELETION_ITEMS_MAX } from './bounds.ts';
import type { PlanDeletionInput } from './inputs.ts';

/** A deletion request as it is saved with the plan. */
export interface DeletionRequest {
  readonly storeIds: readonly string[];
  readonly fileIds: readonly string[];
  readonly attachments: readonly { readonly storeId: string; readonly fileId: string }[];
  readonly orphans: boolean;
  /** Limits orphans to this connection. Plans stored by older versions do not have it. */
  readonly orphansOf?: string | undefined;
  readonly filter: StoreFilter | null;
  /** Stores that the filter matches and that stay. Plans stored by older versions do not have it. */
  readonly exceptStoreIds?: readonly string[] | undefined;
  readonly files: 'delete' | 'keep';
}

/** Converts a request of the API to the saved form. */
export function toDeletionRequest(
  deps: Pick<VectorStoreContext, 'clock' | 'expiry'>,
  body: PlanDeletionInput,
): DeletionRequest {
  return {
    storeIds: body.storeIds,
    fileIds: body.fileIds,
    attachments: body.attachments,
    orphans: body.orphans,
    orphansOf: body.orphans ? body.connectionId : undefined,
    files: body.files,
    filter: body.filter === undefined ? null : toStoreFilter(deps, body.filter),
    exceptStoreIds: body.exceptStoreIds,
  };
}

export interface ResolvedRequest {
  /** Stores that the request names, by connection; null: primary. */
  readonly storesByConnection: ReadonlyMap<string | null, readonly VectorStoreRecord[]>;
  /** Single attachments, by connection. */
  readonly attachmentsByConnection: ReadonlyMap<
    string | null,
    readonly { readonly storeId: string; readonly fileId: string }[]
  >;
  readonly filesByConnection: ReadonlyMap<string | null, readonly string[]>;
  /** Connections to search for orphans. */
  readonly orphanConnectionIds: readonly string[];
  readonly notFound: readonly string[];
}

/**
 * Finds what a request names. Throws `invalid_request` when its filter matches more than one deletion may hold, and
 * `connection_not_found`.
 */
export async function resolveRequest(
  deps: Pick<DeletionWorkContext, 'db'>,
  tenantId: string,
  request: DeletionRequest,
): Promise<ResolvedRequest> {
  const { read } = deps.db;
  const stores = new Map<string, VectorStoreRecord>();
  const notFound: string[] = [];
  for (const id of request.storeIds) {
    const store = await read.vectorStores.find(tenantId, id);
    if (store === undefined) notFound.push(id);
    else stores.set(id, store);
  }
  if (request.filter !== null) {
    for (const store of await listMatchingStores(deps, {
      tenantId,
      filter: request.filter,
      exceptIds: request.exceptStoreIds,
      max: DELETION_ITEMS_MAX,
    }))
      stores.set(store.id, store);
  }
  const fileConnections = new Map<string, string | null>();
  for (const id of request.fileIds) {
    const file = await read.fileList.find(tenantId, id);
    if (file === undefined) notFound.push(id);
    else fileConnections.set(id, file.connectionId);
  }
  const holders = new Map<string, string | null>();
  for (const { storeId } of request.attachments) {
    if (holders.has(storeId)) continue;
    const store = await read.vectorStores.find(tenantId, storeId);
    if (store !== undefined) holders.set(storeId, store.connectionId);
  }
  const attachments = request.attachments.filter(({ storeId }) => holders.has(storeId) && !stores.has(storeId));
  notFound.push(
    ...request.attachments.filter(({ storeId }) => !holders.has(storeId)).map((row) => `${row.storeId}/${row.fileId}`),
  );
  return {
    storesByConnection: Map.groupBy(stores.values(), (store) => store.connectionId),
    attachmentsByConnection: Map.groupBy(attachments, ({ storeId }) => holders.get(storeId) ?? null),
    filesByConnection: Map.groupBy(fileConnections.keys(), (id) => fileConnections.get(id) ?? null),
    orphanConnectionIds: request.orphans
      ? ofOrphans(await read.connections.list(tenantId), request.orphansOf).map((row) => row.id)
      : [],
    notFound,
  };
}

/** The connections to search for orphans: the requested one, or every enabled one. Throws `connection_not_found`. */
function ofOrphans(connections: readonly ConnectionRow[], id: string | undefined): readonly ConnectionRow[] {
  if (id === undefined) return connections.filter((row) => row.isEnabled);
  const asked = connections.filter((row) => row.id === id);
  if (asked.length === 0) throw new AppError('connection_not_found', `There is no connection with id '${id}'.`);
  return asked;
}
