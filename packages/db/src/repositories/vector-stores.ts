import { type StoreSnapshot, vectorStoreReadOnly } from '@espejo/core';
import { and, eq } from 'drizzle-orm';
import type { Handle } from '../connect.ts';
import { fromJson } from '../json.ts';
import { vectorStore } from '../schema/index.ts';
import { storeNameSort, storeSearchText } from '../search-text.ts';

type Row = typeof vectorStore.$inferSelect;

/** A vector store as the rest of Espejo sees it. Instants of upstream are unix seconds, ours milliseconds. */
export interface VectorStoreRecord extends StoreSnapshot {
  readonly tenantId: string;
  readonly connectionId: string | null;
  readonly source: 'primary' | 'cache';
  readonly backend: string;
  readonly filesListedAtMs: number | null;
  readonly isFileListingCurrent: boolean;
  readonly syncedAtMs: number | null;
  readonly missingSinceMs: number | null;
}

export interface VectorStoreEdit {
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly expiresAfter?: { readonly anchor: string; readonly days: number } | null | undefined;
}

export function createVectorStoreRepository({ orm }: Handle) {
  const byId = (tenantId: string, id: string) => and(eq(vectorStore.tenantId, tenantId), eq(vectorStore.id, id));
  async function find(tenantId: string, id: string): Promise<VectorStoreRecord | undefined> {
    const rows = await orm.select().from(vectorStore).where(byId(tenantId, id)).limit(1);
    return rows[0] === undefined ? undefined : toRecord(rows[0]);
  }
  return {
    find,
    async insertPrimary(input: {
      tenantId: string;
      id: string;
      name: string | null;
      createdAtS: number;
      nowMs: number;
    }): Promise<void> {
      const { tenantId, id, name, createdAtS, nowMs } = input;
      await orm.insert(vectorStore).values({
        tenantId,
        id,
        name,
        source: 'primary',
        backend: 'local',
        status: 'completed',
        metadata: '{}',
        createdAtS,
        lastActiveAtS: createdAtS,
        lastActiveSort: createdAtS,
        expiresSort: NEVER,
        searchText: storeSearchText({ id, name, description: null }),
        nameSort: storeNameSort(name),
        updatedAtMs: nowMs,
      });
    },
    /** Edits a primary store. A mirror is refused with `vector_store_read_only`, whoever asks. */
    async edit(tenantId: string, id: string, edit: VectorStoreEdit, nowMs: number): Promise<void> {
      const before = await find(tenantId, id);
      if (before === undefined) return;
      if (before.source === 'cache') throw vectorStoreReadOnly(id);
      const name = edit.name === undefined ? before.name : edit.name;
      const description = edit.description === undefined ? before.description : edit.description;
      const expiresAtS = edit.expiresAfter
        ? (before.lastActiveAt ?? before.createdAt) + edit.expiresAfter.days * 86_400
        : null;
      await orm
        .update(vectorStore)
        .set({
          name,
          description,
          ...(edit.metadata === undefined ? {} : { metadata: JSON.stringify(edit.metadata) }),
          ...(edit.expiresAfter === undefined
            ? {}
            : {
                expiresAfter: edit.expiresAfter === null ? null : JSON.stringify(edit.expiresAfter),
                expiresAtS,
                expiresSort: expiresAtS ?? NEVER,
              }),
          searchText: storeSearchText({ id, name, description }),
          nameSort: storeNameSort(name),
          updatedAtMs: nowMs,
        })
        .where(byId(tenantId, id));
    },
  };
}

/** Sorts stores that never expire after all others. */
export const NEVER = Number.MAX_SAFE_INTEGER;

export function toRecord(row: Row): VectorStoreRecord {
  return {
    tenantId: row.tenantId,
    id: row.id,
    connectionId: row.connectionId,
    source: row.source,
    backend: row.backend,
    name: row.name,
    description: row.description,
    status: row.status,
    fileCounts: {
      in_progress: row.filesInProgress,
      completed: row.filesCompleted,
      failed: row.filesFailed,
      cancelled: row.filesCancelled,
      total: row.filesTotal,
    },
    usageBytes: row.usageBytes,
    metadata: fromJson(row.metadata),
    expiresAfter: fromJson(row.expiresAfter),
    expiresAt: row.expiresAtS,
    lastActiveAt: row.lastActiveAtS,
    createdAt: row.createdAtS,
    extra: fromJson(row.extra),
    filesListedAtMs: row.filesListedAtMs,
    isFileListingCurrent: row.source === 'primary' || row.listedFingerprint === row.fingerprint,
    syncedAtMs: row.syncedAtMs,
    missingSinceMs: row.missingSinceMs,
  };
}
