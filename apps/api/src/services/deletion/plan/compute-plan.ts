import {
  AppError,
  type AttachmentSnapshot,
  type DeletionDecision,
  decideDeletion,
  type FileFacts,
  type FileSnapshot,
  type FileTool,
  isOffered,
  NO_TOOL_USES,
  type StoreUse,
  type ToolUse,
  type ToolUses,
  unknownSources,
} from '@espejo/core';
import type { ConnectionRow, VectorStoreRecord } from '@espejo/db';
import { certainNowMs } from '../../../ports.ts';
import type { DeletionWorkContext } from '../../context/app-context.ts';
import { inParallel } from '../../in-parallel.ts';
import { readGuardrails } from '../../limits/guardrail-settings.ts';
import { findReferences, type ReferenceQuery, readOutsideStores } from './find-references.ts';
import { planPrimary } from './plan-primary.ts';
import { type DeletionRequest, type ResolvedRequest, resolveRequest } from './plan-request.ts';
import { readLiveAttachments } from './read-live-attachments.ts';

/** A plan with all that is known of its items, for the plan's page and the ledger's snapshots. */
export interface Decided {
  readonly decision: DeletionDecision;
  readonly stores: ReadonlyMap<string, VectorStoreRecord>;
  readonly connections: ReadonlyMap<string, ConnectionRow>;
  /** The connection that a store or file is deleted through; null: it is primary. */
  readonly connectionOf: ReadonlyMap<string, string | null>;
  /** Files that upstream lists. */
  readonly files: ReadonlyMap<string, FileSnapshot>;
  /** Attachments that the plan removes, by `store/file`. */
  readonly attachments: ReadonlyMap<string, AttachmentSnapshot>;
  readonly notFound: readonly string[];
  /** Agents that search stores of the plan. */
  readonly uses: readonly StoreUse[];
  /** Tools besides vector stores that use files of the plan. */
  readonly toolUses: ReadonlyMap<string, readonly ToolUse[]>;
  /** Tools that could not be checked for uses of the deleted files. */
  readonly unknownTools: readonly FileTool[];
}

/** Reads the live upstream and decides what a request deletes and what it keeps. */
export async function computePlan(
  deps: DeletionWorkContext,
  tenantId: string,
  request: DeletionRequest,
): Promise<Decided> {
  const resolved = await resolveRequest(deps, tenantId, request);
  const connections = await requireConnections(deps, tenantId, resolved);
  const parts: DeletionDecision[] = [];
  const stores = new Map<string, VectorStoreRecord>();
  const connectionOf = new Map<string, string | null>();
  const files = new Map<string, FileSnapshot>();
  const attachments = new Map<string, AttachmentSnapshot>();
  const notFound = [...resolved.notFound];
  const toolUses = new Map<string, readonly ToolUse[]>();
  const unknownTools = new Set<FileTool>();

  for (const connection of connections.values()) {
    const part = await decideForConnection(deps, { connection, request, resolved });
    parts.push(part.decision);
    notFound.push(...part.notFound);
    for (const store of part.stores) stores.set(store.id, store);
    for (const id of part.decision.storeIds) connectionOf.set(id, connection.id);
    for (const { id } of [...part.decision.filesToDelete, ...part.decision.filesToKeep]) {
      connectionOf.set(id, connection.id);
      const file = part.files.get(id);
      if (file !== undefined) files.set(id, file);
    }
    for (const [key, row] of part.attachments) attachments.set(key, row);
    for (const [id, found] of part.toolUses.usesOf) toolUses.set(id, found);
    if (part.decision.filesToDelete.length > 0) {
      for (const source of unknownSources(part.toolUses.states)) unknownTools.add(source);
    }
  }
  const own = await planPrimary(deps, { tenantId, request, resolved });
  parts.push(own.decision);
  notFound.push(...own.notFound);
  for (const store of resolved.storesByConnection.get(null) ?? []) {
    stores.set(store.id, store);
    connectionOf.set(store.id, null);
  }
  for (const { id } of [...own.decision.filesToDelete, ...own.decision.filesToKeep]) connectionOf.set(id, null);
  for (const [id, file] of own.files) files.set(id, file);
  for (const [key, row] of own.attachments) attachments.set(key, row);

  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  const storeIds = parts.flatMap((part) => part.storeIds).sort();
  return {
    decision: {
      storeIds,
      filesToDelete: parts.flatMap((part) => part.filesToDelete).sort(byId),
      filesToKeep: parts.flatMap((part) => part.filesToKeep).sort(byId),
    },
    stores,
    connections,
    connectionOf,
    files,
    attachments,
    notFound,
    uses: await deps.db.read.agents.listUses(tenantId, storeIds),
    toolUses,
    unknownTools: [...unknownTools].sort(),
  };
}

/** The connections that a request uses. Throws `connection_disabled`. */
async function requireConnections(
  deps: DeletionWorkContext,
  tenantId: string,
  resolved: ResolvedRequest,
): Promise<ReadonlyMap<string, ConnectionRow>> {
  const ids = new Set([
    ...resolved.storesByConnection.keys(),
    ...resolved.filesByConnection.keys(),
    ...resolved.attachmentsByConnection.keys(),
    ...resolved.orphanConnectionIds,
  ]);
  const rows = (await deps.db.read.connections.list(tenantId)).filter((row) => ids.has(row.id));
  const disabled = rows.find((row) => !row.isEnabled);
  if (disabled !== undefined) {
    throw new AppError(
      'connection_disabled',
      `Connection '${disabled.name}' is disabled, so nothing can be deleted through it. Enable it first.`,
    );
  }
  return new Map(rows.map((row) => [row.id, row]));
}

interface ConnectionPart {
  readonly decision: DeletionDecision;
  readonly stores: readonly VectorStoreRecord[];
  readonly files: ReadonlyMap<string, FileSnapshot>;
  readonly attachments: ReadonlyMap<string, AttachmentSnapshot>;
  readonly notFound: readonly string[];
  readonly toolUses: ToolUses;
}

async function decideForConnection(
  deps: DeletionWorkContext,
  input: { connection: ConnectionRow; request: DeletionRequest; resolved: ResolvedRequest },
): Promise<ConnectionPart> {
  const { connection, request, resolved } = input;
  const named = resolved.storesByConnection.get(connection.id) ?? [];
  const asked = resolved.attachmentsByConnection.get(connection.id) ?? [];
  const membership = await readLiveAttachments(deps, connection, new Set(named.map((store) => store.id)));
  const { live, selected, files, goneStoreIds } = membership;
  const query: ReferenceQuery = {
    connection,
    live,
    planStoreIds: new Set([...selected.keys(), ...goneStoreIds]),
    endedKeys: new Set(asked.map(({ storeId, fileId }) => `${storeId}/${fileId}`)),
    mayDeleteFiles: request.files === 'delete',
  };
  const outside = await readOutsideStores(deps, query);
  // Attachments that are gone already need no step.
  const ending = asked.filter(({ storeId, fileId }) => outside.ended.has(`${storeId}/${fileId}`));

  const attached = new Set([...selected.values()].flatMap((store) => store.attachments.map((row) => row.fileId)));
  for (const { fileId } of ending) attached.add(fileId);
  const fileIds = resolved.filesByConnection.get(connection.id) ?? [];
  const goneFileIds = fileIds.filter((id) => !files.has(id) && !attached.has(id));
  const nowS = Math.floor(certainNowMs(deps.clock) / 1000);
  // A young file is no orphan yet, so a clean-up of orphans does not name it.
  const wantsOrphans = query.mayDeleteFiles && resolved.orphanConnectionIds.includes(connection.id);
  const unattached = wantsOrphans
    ? [...files.values()].filter(
        (file) => file.purpose === 'assistants' && !attached.has(file.id) && nowS - file.createdAt >= deps.orphanGraceS,
      )
    : [];
  const candidates = new Set([...fileIds, ...attached, ...unattached.map((file) => file.id)]);
  const holders = await findReferences(deps, query, outside, query.mayDeleteFiles ? [...candidates] : []);
  const toolUses = await askTools(
    deps,
    connection,
    query.mayDeleteFiles ? [...candidates].filter((id) => !holders.has(id)).map((id) => files.get(id)) : [],
  );
  const { unattachedFiles: policy } = await readGuardrails(deps.db.read, connection.tenantId);
  const orphanIds = unattached
    .map((file) => file.id)
    .filter((id) => !holders.has(id) && isOffered(id, toolUses, policy));
  const unlisted = await findUnlisted(
    deps,
    connection,
    query.mayDeleteFiles ? [...attached].filter((id) => !files.has(id) && !holders.has(id)) : [],
  );
  const gone = new Set(goneFileIds);
  const decision = decideDeletion({
    stores: [...selected].map(([id, store]) => ({ id, fileIds: store.attachments.map((row) => row.fileId) })),
    attachments: ending,
    fileIds: [...new Set([...fileIds.filter((id) => !gone.has(id)), ...orphanIds])],
    referencesTo: (fileId) => holders.get(fileId) ?? { storeIds: [], isOtherTenant: false },
    factsOf: (fileId): FileFacts | undefined => {
      const file = files.get(fileId);
      if (file !== undefined) return { purpose: file.purpose, createdAtS: file.createdAt };
      return unlisted.has(fileId) ? 'unlisted' : undefined;
    },
    isUsedByTool: (fileId) => toolUses.usesOf.has(fileId),
    files: request.files,
    nowS,
    freshGraceS: deps.orphanGraceS,
  });
  const attachments = new Map(outside.ended);
  for (const [storeId, store] of selected) {
    for (const row of store.attachments) attachments.set(`${storeId}/${row.fileId}`, row);
  }
  return {
    decision,
    stores: named.map((store) => ({ ...store, ...selected.get(store.id)?.snapshot })),
    files,
    attachments,
    toolUses,
    notFound: [
      ...goneStoreIds,
      ...goneFileIds,
      ...asked.map(({ storeId, fileId }) => `${storeId}/${fileId}`).filter((key) => !outside.ended.has(key)),
    ],
  };
}

/**
 * Which of these files exist although the project's list does not show them: a list may lag behind, so absence from it
 * does not prove that a file is gone.
 */
async function findUnlisted(
  deps: DeletionWorkContext,
  connection: ConnectionRow,
  fileIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const upstream = deps.upstreamFor(connection);
  const present = new Set<string>();
  await inParallel(connection.concurrency, fileIds, async (id) => {
    if ((await upstream.probeFile(id)) === 'present') present.add(id);
  });
  return present;
}

/**
 * Which tools use which of these files. Files of another purpose are never deleted with a store, so they are not
 * checked.
 */
async function askTools(
  deps: DeletionWorkContext,
  connection: ConnectionRow,
  files: readonly (FileSnapshot | undefined)[],
): Promise<ToolUses> {
  const asked = files.filter((file) => file?.purpose === 'assistants').filter((file) => file !== undefined);
  return asked.length === 0 ? NO_TOOL_USES : deps.upstreamFor(connection).readToolUses(asked);
}
