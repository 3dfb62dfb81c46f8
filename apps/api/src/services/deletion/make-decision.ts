import { type DeletionDecision, decideDeletion, type FileFacts, type SelectedStore } from '@espejo/core';
import type { ConnectionRow, VectorStoreRecord } from '@espejo/db';
import type { DeletionDeps } from './deletion-deps.ts';
import { type DeletionRequest, resolveRequest } from './plan-request.ts';
import { type LiveMembership, readMembership } from './read-membership.ts';

/** A decision with everything that is known of what it names, for the plan's page and the ledger's snapshots. */
export interface Decided {
  readonly decision: DeletionDecision;
  readonly stores: ReadonlyMap<string, VectorStoreRecord>;
  readonly connections: ReadonlyMap<string, ConnectionRow>;
  /** Which connection a store or file is deleted through; null: ours. */
  readonly connectionOf: ReadonlyMap<string, string | null>;
  readonly files: ReadonlyMap<
    string,
    { readonly filename: string | null; readonly bytes: number | null; readonly purpose: string | null }
  >;
  readonly notFound: readonly string[];
}

/** Reads the live upstream and decides what a request deletes and what it keeps. */
export async function makeDecision(deps: DeletionDeps, tenantId: string, request: DeletionRequest): Promise<Decided> {
  const resolved = await resolveRequest(deps, tenantId, request);
  const connectionIds = new Set(
    [
      ...resolved.storesByConnection.keys(),
      ...resolved.filesByConnection.keys(),
      ...resolved.attachmentsByConnection.keys(),
      ...resolved.orphanConnectionIds,
    ].filter((id): id is string => id !== null),
  );
  const rows = await deps.db.read.connections.list(tenantId);
  const connections = new Map(rows.filter((row) => connectionIds.has(row.id)).map((row) => [row.id, row]));

  const parts: DeletionDecision[] = [];
  const stores = new Map<string, VectorStoreRecord>();
  const connectionOf = new Map<string, string | null>();
  const files: Map<string, { filename: string | null; bytes: number | null; purpose: string | null }> = new Map();
  const notFound = [...resolved.notFound];

  for (const connection of connections.values()) {
    const named = resolved.storesByConnection.get(connection.id) ?? [];
    const attachments = resolved.attachmentsByConnection.get(connection.id) ?? [];
    const live = await readMembership(
      deps,
      connection,
      new Set(named.map((store) => store.id)),
      new Set(attachments.map(({ storeId }) => storeId)),
    );
    const part = await decideForConnection(deps, {
      tenantId,
      request,
      live,
      fileIds: resolved.filesByConnection.get(connection.id) ?? [],
      attachments,
      wantsOrphans: resolved.orphanConnectionIds.includes(connection.id),
    });
    parts.push(part.decision);
    notFound.push(...live.goneStoreIds, ...part.goneFileIds);
    for (const store of named) stores.set(store.id, { ...store, ...live.selected.get(store.id)?.snapshot });
    for (const id of part.decision.storeIds) connectionOf.set(id, connection.id);
    for (const file of [...part.decision.filesToDelete, ...part.decision.filesToKeep]) {
      connectionOf.set(file.id, connection.id);
      const facts = live.files.get(file.id);
      files.set(file.id, {
        filename: facts?.filename ?? null,
        bytes: facts?.bytes ?? null,
        purpose: facts?.purpose ?? null,
      });
    }
  }
  // Ours: the store and all that is in it is one local thing, and goes to the trash as one.
  const own = resolved.storesByConnection.get(null) ?? [];
  for (const store of own) {
    stores.set(store.id, store);
    connectionOf.set(store.id, null);
  }
  parts.push({ storeIds: own.map((store) => store.id), filesToDelete: [], filesToKeep: [] });

  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  return {
    decision: {
      storeIds: parts.flatMap((part) => part.storeIds).sort(),
      filesToDelete: parts.flatMap((part) => part.filesToDelete).sort(byId),
      filesToKeep: parts.flatMap((part) => part.filesToKeep).sort(byId),
    },
    stores,
    connections,
    connectionOf,
    files,
    notFound,
  };
}

async function decideForConnection(
  deps: DeletionDeps,
  input: {
    tenantId: string;
    request: DeletionRequest;
    live: LiveMembership;
    fileIds: readonly string[];
    attachments: readonly { readonly storeId: string; readonly fileId: string }[];
    wantsOrphans: boolean;
  },
): Promise<{ decision: DeletionDecision; goneFileIds: readonly string[] }> {
  const { tenantId, request, live } = input;
  const selected: SelectedStore[] = [...live.selected].map(([id, { fileIds }]) => ({ id, fileIds }));
  // Memberships that have ended by themselves need no ending.
  const attachments = input.attachments.filter(({ storeId, fileId }) =>
    live.outsideHolders.get(fileId)?.includes(storeId),
  );
  const candidates = new Set([
    ...input.fileIds,
    ...attachments.map(({ fileId }) => fileId),
    ...selected.flatMap((store) => store.fileIds),
  ]);
  if (input.wantsOrphans) for (const [id, file] of live.files) if (file.purpose === 'assistants') candidates.add(id);

  const ended = new Set(attachments.map(({ storeId, fileId }) => `${storeId}/${fileId}`));
  const holders = await collectHolders(deps, tenantId, live, [...candidates], ended);
  const holdersOf = (fileId: string) => holders.get(fileId) ?? { storeIds: [], isOtherTenant: false };
  const inSelected = new Set(selected.flatMap((store) => store.fileIds));
  const orphans = input.wantsOrphans
    ? [...live.files.values()].filter(
        (file) => file.purpose === 'assistants' && !inSelected.has(file.id) && holdersOf(file.id).storeIds.length === 0,
      )
    : [];
  const nowS = Math.floor(deps.clock.nowMs() / 1000);
  // A fresh file is no orphan yet, so a clean-up of orphans does not even name it.
  const orphanIds = orphans.filter((file) => nowS - file.createdAt >= deps.orphanGraceS).map((file) => file.id);
  const goneFileIds = input.fileIds.filter((id) => !live.files.has(id) && !inSelected.has(id));
  const named = input.fileIds.filter((id) => !goneFileIds.includes(id));
  const factsOf = (fileId: string): FileFacts | undefined => {
    const file = live.files.get(fileId);
    return file && { purpose: file.purpose, createdAtS: file.createdAt };
  };
  return {
    goneFileIds,
    decision: decideDeletion({
      stores: selected,
      attachments,
      fileIds: [...new Set([...named, ...orphanIds])],
      holdersOf,
      factsOf,
      files: request.files,
      nowS,
      freshGraceS: deps.orphanGraceS,
    }),
  };
}

/** Holders outside the plan: from live listings, from the mirror where the live row proves it current, and of any other tenant. */
async function collectHolders(
  deps: DeletionDeps,
  tenantId: string,
  live: LiveMembership,
  fileIds: readonly string[],
  ended: ReadonlySet<string>,
) {
  const holders = new Map<string, { storeIds: string[]; isOtherTenant: boolean }>();
  const at = (fileId: string) => {
    const found = holders.get(fileId) ?? { storeIds: [], isOtherTenant: false };
    holders.set(fileId, found);
    return found;
  };
  for (const fileId of fileIds) {
    const storeIds = live.outsideHolders.get(fileId)?.filter((storeId) => !ended.has(`${storeId}/${fileId}`)) ?? [];
    if (storeIds.length > 0) at(fileId).storeIds.push(...storeIds);
  }
  for (const holder of await deps.db.read.membership.listHolders(fileIds)) {
    // A store of the plan seen through another tenant's mirror is the same store.
    if (live.selected.has(holder.storeId)) continue;
    if (holder.tenantId !== tenantId) {
      at(holder.fileId).isOtherTenant = true;
    } else if (live.unchangedStoreIds.has(holder.storeId)) {
      at(holder.fileId).storeIds.push(holder.storeId);
    }
  }
  return holders;
}
