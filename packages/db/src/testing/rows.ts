import type { AttachmentSnapshot, FileSnapshot, StoreSnapshot } from '@espejo/core';
import type { Database } from '../database.ts';
import type { NewDeletionStep } from '../repositories/deletions/deletion-steps.ts';
import type { DeletionRow } from '../repositories/deletions/deletions.ts';
import type { Repositories } from '../repositories/index.ts';
import type { ConnectionRow } from '../repositories/sync/connections.ts';
import type { SyncChangeRecord } from '../repositories/sync/sync-changes.ts';
import type { SyncRunRow } from '../repositories/sync/sync-runs.ts';

export const NOW_MS = 1_760_000_000_000;
export const NOW_S = NOW_MS / 1000;

export function storeRow(id: string, fields: Partial<StoreSnapshot> = {}): StoreSnapshot {
  return {
    id,
    name: `Name of ${id}`,
    description: null,
    status: 'completed',
    fileCounts: { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: 0 },
    usageBytes: 0,
    metadata: {},
    expiresAfter: null,
    expiresAt: null,
    lastActiveAt: NOW_S,
    createdAt: NOW_S,
    extra: null,
    ...fields,
  };
}

export function attachmentRow(fileId: string, fields: Partial<AttachmentSnapshot> = {}): AttachmentSnapshot {
  return {
    fileId,
    status: 'completed',
    usageBytes: 10,
    createdAt: NOW_S,
    lastError: null,
    chunkingStrategy: { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
    attributes: {},
    extra: null,
    ...fields,
  };
}

export function fileRow(id: string, fields: Partial<FileSnapshot> = {}): FileSnapshot {
  return {
    id,
    filename: `${id}.txt`,
    bytes: 100,
    purpose: 'assistants',
    status: 'processed',
    createdAt: NOW_S,
    expiresAt: null,
    extra: null,
    ...fields,
  };
}

export function connectionRow(tenantId: string, id: string, fields: Partial<ConnectionRow> = {}): ConnectionRow {
  return {
    tenantId,
    id,
    name: `Name of ${id}`,
    kind: 'openai',
    origin: 'console',
    baseUrl: 'https://api.openai.com/v1',
    apiKeyCipher: 'cipher',
    apiKeyFingerprint: 'fingerprint',
    organization: null,
    project: null,
    isEnabled: true,
    syncCron: '*/5 * * * *',
    isSyncEnabled: true,
    removalGraceS: 3600,
    concurrency: 8,
    healthStatus: 'ok',
    healthMessage: null,
    healthCheckedAtMs: null,
    seenOrganization: null,
    seenProject: null,
    storesListedAtMs: null,
    filesListedAtMs: null,
    completeSyncAtMs: null,
    toolStates: null,
    toolsReadAtMs: null,
    approvedRunId: null,
    createdAtMs: NOW_MS,
    updatedAtMs: NOW_MS,
    ...fields,
  };
}

export function runRow(tenantId: string, id: string, fields: Partial<SyncRunRow> = {}): SyncRunRow {
  return {
    tenantId,
    id,
    connectionId: 'conn',
    trigger: 'manual',
    isDryRun: false,
    isFull: false,
    status: 'succeeded',
    startedAtMs: NOW_MS,
    finishedAtMs: NOW_MS + 10,
    requestCount: 0,
    rateLimitedCount: 0,
    isComplete: true,
    isCancelRequested: false,
    progress: '{}',
    counters: '{}',
    plan: null,
    errorCode: null,
    errorMessage: null,
    approvedAtMs: null,
    ...fields,
  };
}

export function changeRow(
  tenantId: string,
  runId: string,
  storeId: string,
  fields: Partial<SyncChangeRecord> = {},
): SyncChangeRecord {
  return {
    tenantId,
    runId,
    storeId,
    connectionId: 'conn',
    isDryRun: false,
    atMs: NOW_MS,
    storeName: null,
    action: 'changed',
    fields: [],
    filesAdded: 0,
    filesChanged: 0,
    filesRemoved: 0,
    filesMissing: 0,
    fileIds: { added: [], changed: [], removed: [], missing: [] },
    message: null,
    ...fields,
  };
}

export function deletionRow(tenantId: string, id: string, fields: Partial<DeletionRow> = {}): DeletionRow {
  return {
    tenantId,
    id,
    planHash: `plan of ${id}`,
    status: 'waiting',
    title: `Delete ${id}`,
    actor: 'console',
    trigger: 'person',
    files: 'delete',
    counts: '{}',
    usageBytes: 0,
    savingsUsd: '0',
    message: null,
    isCancelRequested: false,
    createdAtMs: NOW_MS,
    startedAtMs: null,
    finishedAtMs: null,
    ...fields,
  };
}

export function stepRow(seq: number, fields: Partial<NewDeletionStep> = {}): NewDeletionStep {
  return {
    seq,
    connectionId: 'conn',
    upstreamIdentity: 'here',
    kind: 'delete_store',
    storeId: 'vs_1',
    fileId: null,
    name: null,
    snapshot: null,
    ...fields,
  };
}

/** A transaction with the connection's permit, as the syncer has. */
export function asSyncer<T>(
  db: Database,
  owner: { readonly tenantId: string; readonly connectionId?: string },
  work: (tx: Repositories) => Promise<T>,
): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.mirrorPermits.grant(owner.tenantId, owner.connectionId ?? 'conn');
    return work(tx);
  });
}

/** Mirrors these stores in a connection. Their fingerprint is their name. */
export async function mirrorStores(
  db: Database,
  owner: { readonly tenantId: string; readonly connectionId?: string },
  stores: readonly StoreSnapshot[],
  nowMs = NOW_MS,
): Promise<void> {
  await asSyncer(db, owner, (tx) =>
    tx.mirrorStores.upsert(
      owner.tenantId,
      owner.connectionId ?? 'conn',
      stores.map((snapshot) => ({ snapshot, fingerprint: `${snapshot.name}` })),
      nowMs,
    ),
  );
}

/** Mirrors these attachments of a store, counts included, as a sync does. Their hash is their status. */
export async function mirrorAttachments(
  db: Database,
  owner: { readonly tenantId: string; readonly connectionId?: string },
  storeId: string,
  attachments: readonly AttachmentSnapshot[],
): Promise<void> {
  await asSyncer(db, owner, async (tx) => {
    const rows = attachments.map((snapshot) => ({ snapshot, hash: snapshot.status }));
    await tx.attachments.upsert(owner.tenantId, owner.connectionId ?? 'conn', storeId, rows);
    await tx.attachments.recount(
      owner.tenantId,
      attachments.map((row) => row.fileId),
    );
  });
}

/** Mirrors these files. Their hash is their filename. */
export async function mirrorFiles(
  db: Database,
  owner: { readonly tenantId: string; readonly connectionId?: string },
  files: readonly FileSnapshot[],
  nowMs = NOW_MS,
): Promise<void> {
  await asSyncer(db, owner, (tx) =>
    tx.files.upsert(
      owner.tenantId,
      owner.connectionId ?? 'conn',
      files.map((snapshot) => ({ snapshot, hash: snapshot.filename })),
      nowMs,
    ),
  );
}
