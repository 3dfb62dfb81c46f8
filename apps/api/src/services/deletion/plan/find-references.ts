import { type AttachmentSnapshot, type StoreSnapshot, storeFingerprint } from '@espejo/core';
import type { ConnectionRow } from '@espejo/db';
import { UpstreamError, type UpstreamPort } from '@espejo/upstream';
import { inParallel } from '../../in-parallel.ts';
import { listStoreFiles, type ReadDeps } from './read-live-attachments.ts';

/** A reference to a file from outside a plan. */
export interface FileReferences {
  readonly storeIds: readonly string[];
  readonly isOtherTenant: boolean;
  /** A tool besides vector stores that uses the file, in words. */
  readonly tool?: string | undefined;
}

export interface ReferenceQuery {
  readonly connection: ConnectionRow;
  /** Every store that the project lists now. */
  readonly live: ReadonlyMap<string, StoreSnapshot>;
  /** Stores of the plan, gone ones included: their attachments are no reason to keep a file. */
  readonly planStoreIds: ReadonlySet<string>;
  /** Attachments in other stores that the plan removes, as `store/file`. */
  readonly endedKeys: ReadonlySet<string>;
  /** False: no file is deleted, so other references do not matter. */
  readonly mayDeleteFiles: boolean;
  readonly signal?: AbortSignal;
}

export interface OutsideStores {
  /** File ids of the stores that were listed completely just now. */
  readonly listed: ReadonlyMap<string, ReadonlySet<string>>;
  /** The attachments to remove that exist, by `store/file`. */
  readonly ended: ReadonlyMap<string, AttachmentSnapshot>;
  /** Every mirror of this connection. */
  readonly knownIds: ReadonlySet<string>;
}

/**
 * Lists the stores outside the plan for which the mirror is not reliable: those whose row has changed since the mirror
 * listed them completely, those with an attachment that the mirror doubts, and those with attachments that the plan
 * removes. A store whose row has not changed needs no request.
 */
export async function readOutsideStores(deps: ReadDeps, query: ReferenceQuery): Promise<OutsideStores> {
  const { connection, live, planStoreIds, endedKeys, mayDeleteFiles } = query;
  const { read } = deps.db;
  const upstream = deps.upstreamFor(connection);
  const known = await read.mirrorStores.listKnown(connection.tenantId, connection.id);
  const doubted = new Set(
    (await read.attachments.listMissing(connection.tenantId, connection.id)).map(({ storeId }) => storeId),
  );
  const ending = new Set([...endedKeys].map((key) => key.slice(0, key.indexOf('/'))));
  const due: string[] = [...ending].filter((id) => !live.has(id));
  for (const [id, store] of live) {
    if (planStoreIds.has(id)) continue;
    const isUnmoved = known.get(id)?.listedFingerprint === storeFingerprint(store);
    const isCertain = isUnmoved && store.fileCounts.in_progress === 0 && !doubted.has(id);
    if (!ending.has(id)) {
      if (isCertain || !mayDeleteFiles) continue;
      if (store.fileCounts.total === 0 && !(await read.attachments.hasAny(connection.tenantId, id))) continue;
    }
    due.push(id);
  }
  const listed = new Map<string, ReadonlySet<string>>();
  const ended = new Map<string, AttachmentSnapshot>();
  await inParallel(connection.concurrency, due, async (storeId) => {
    const rows = await listIfThere(upstream, storeId, { snapshot: live.get(storeId), signal: query.signal });
    if (rows === null) return;
    listed.set(storeId, new Set(rows.map((row) => row.fileId)));
    for (const row of rows) {
      const key = `${storeId}/${row.fileId}`;
      if (endedKeys.has(key)) ended.set(key, row);
    }
  });
  return { listed, ended, knownIds: new Set(known.keys()) };
}

/**
 * Which stores outside the plan reference these files, and whether another tenant's mirror does. Where the mirror has
 * an attachment that a listing did not show, or a store that the listing did not show, the object itself is requested:
 * absence from a list does not prove absence.
 */
export async function findReferences(
  deps: ReadDeps,
  query: ReferenceQuery,
  outside: OutsideStores,
  fileIds: readonly string[],
): Promise<ReadonlyMap<string, FileReferences>> {
  const { connection, live, planStoreIds, endedKeys } = query;
  const upstream = deps.upstreamFor(connection);
  const wanted = new Set(fileIds);
  const holders = new Map<string, { storeIds: Set<string>; isOtherTenant: boolean }>();
  const at = (fileId: string) => {
    const found = holders.get(fileId) ?? { storeIds: new Set<string>(), isOtherTenant: false };
    holders.set(fileId, found);
    return found;
  };
  const listed = new Map(outside.listed);
  const isEnded = (storeId: string, fileId: string) => endedKeys.has(`${storeId}/${fileId}`);
  for (const [storeId, ids] of listed) {
    for (const id of ids) if (wanted.has(id) && !isEnded(storeId, id)) at(id).storeIds.add(storeId);
  }

  const mirrored = (await deps.db.read.membership.listHolders(fileIds)).filter(
    ({ tenantId, storeId, fileId, baseUrl }) =>
      // Of other tenants' mirrors only those of the same server count: any other may list whatever ids its owner likes.
      (tenantId === connection.tenantId || baseUrl === connection.baseUrl) &&
      // A store of the plan seen through another tenant's mirror is the same store.
      !planStoreIds.has(storeId) &&
      !isEnded(storeId, fileId),
  );
  const hidden = mirrored.map(({ storeId }) => storeId).filter((id) => !live.has(id) && outside.knownIds.has(id));
  const gone = new Set<string>();
  await inParallel(connection.concurrency, [...new Set(hidden)], async (storeId) => {
    if (listed.has(storeId)) return;
    const rows = await listIfThere(upstream, storeId, { signal: query.signal });
    if (rows === null) gone.add(storeId);
    else listed.set(storeId, new Set(rows.map((row) => row.fileId)));
  });
  await inParallel(connection.concurrency, mirrored, async ({ storeId, fileId, tenantId }) => {
    if (gone.has(storeId)) return;
    const ids = listed.get(storeId);
    if (ids?.has(fileId)) return void at(fileId).storeIds.add(storeId);
    if (ids !== undefined && (await upstream.probeAttachment(storeId, fileId, { signal: query.signal })) === 'absent')
      return;
    // Its own mirror has the store, or it belongs to another connection or tenant or is primary: then the row counts.
    if (tenantId === connection.tenantId) at(fileId).storeIds.add(storeId);
    else at(fileId).isOtherTenant = true;
  });
  return new Map([...holders].map(([id, found]) => [id, { ...found, storeIds: [...found.storeIds].sort() }]));
}

/** The files of a store; null when the answer is that there is no such store. */
async function listIfThere(
  upstream: UpstreamPort,
  storeId: string,
  { snapshot, signal }: { snapshot?: StoreSnapshot | undefined; signal: AbortSignal | undefined },
) {
  try {
    return await listStoreFiles(upstream, storeId, snapshot ?? null, signal);
  } catch (cause) {
    if (cause instanceof UpstreamError && cause.kind === 'gone') return null;
    throw cause;
  }
}
