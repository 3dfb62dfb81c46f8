import {
  applyExpiryEdit,
  EXPIRED,
  type ExpiryEdit,
  type ExpiryPolicy,
  NEVER_EXPIRES,
  type StoreSnapshot,
  vectorStoreNotFound,
  vectorStoreReadOnly,
} from '@espejo/core';
import { and, eq, sql } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { toExpiryColumns, toExpiryPolicy } from '../../expiry-columns.ts';
import { fromJson } from '../../json.ts';
import { vectorStore } from '../../schema/index.ts';
import { storeNameSort, storeSearchText } from '../../search-text.ts';
import { fromStoreRow, type VectorStoreRow } from './store-columns.ts';

/** A vector store as the rest of Espejo sees it. Upstream instants are unix seconds, Espejo's are milliseconds. */
export interface VectorStoreRecord extends StoreSnapshot {
  readonly tenantId: string;
  readonly connectionId: string | null;
  readonly source: 'primary' | 'cache';
  readonly backend: string;
  readonly filesListedAtMs: number | null;
  readonly isFileListingCurrent: boolean;
  readonly syncedAtMs: number | null;
  readonly missingSinceMs: number | null;
  /** A primary store's policy, or upstream's form converted; null: upstream has a rule that is not known here. */
  readonly expiryPolicy: ExpiryPolicy | null;
  /** When a primary store expired. */
  readonly expiredAtMs: number | null;
  /** When a primary store was moved to the trash, where it still is. */
  readonly trashedAtMs: number | null;
  /** Of files that are attached without a strategy of their own; null: auto. */
  readonly defaultChunking: DefaultChunking | null;
}

export interface DefaultChunking {
  readonly maxTokens: number;
  readonly overlapTokens: number;
}

export interface VectorStoreEdit {
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** undefined keeps, null clears. */
  readonly expiryPolicy?: ExpiryEdit;
}

export function createVectorStoreRepository({ orm }: Handle) {
  const byId = (tenantId: string, id: string) => and(eq(vectorStore.tenantId, tenantId), eq(vectorStore.id, id));
  // Read by nearly every request, so its SQL is made once.
  const one = orm
    .select()
    .from(vectorStore)
    .where(and(eq(vectorStore.tenantId, sql.placeholder('tenantId')), eq(vectorStore.id, sql.placeholder('id'))))
    .limit(1)
    .prepare();
  async function find(tenantId: string, id: string): Promise<VectorStoreRecord | undefined> {
    const row = one.all({ tenantId, id })[0];
    return row === undefined ? undefined : toRecord(row);
  }
  return {
    find,
    async insertPrimary(input: {
      tenantId: string;
      id: string;
      name: string | null;
      createdAtS: number;
      defaultChunking?: DefaultChunking | null | undefined;
      nowMs: number;
    }): Promise<void> {
      const { tenantId, id, name, createdAtS, defaultChunking = null, nowMs } = input;
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
        ...toExpiryColumns(NEVER_EXPIRES, { createdAtS, lastActiveAtS: createdAtS }),
        defaultChunking: defaultChunking === null ? null : JSON.stringify(defaultChunking),
        searchText: storeSearchText({ id, name, description: null }),
        nameSort: storeNameSort(name),
        updatedAtMs: nowMs,
      });
    },
    /**
     * Edits a primary store. An edit of a mirror is rejected with `vector_store_read_only`. An expired store comes back
     * only when an edit of its policy moves its expiry into the future.
     */
    async edit(tenantId: string, id: string, edit: VectorStoreEdit, nowMs: number): Promise<void> {
      const before = await find(tenantId, id);
      if (before !== undefined) await editRecord(before, edit, nowMs);
    },
    /** The same for a store that this transaction has just read; returns the edited store. */
    editRecord,
  };

  async function editRecord(
    before: VectorStoreRecord,
    edit: VectorStoreEdit,
    nowMs: number,
  ): Promise<VectorStoreRecord> {
    const { tenantId, id } = before;
    if (before.source === 'cache') throw vectorStoreReadOnly(id);
    const name = edit.name === undefined ? before.name : edit.name;
    const description = edit.description === undefined ? before.description : edit.description;
    const [after] = await orm
      .update(vectorStore)
      .set({
        name,
        description,
        ...(edit.metadata === undefined ? {} : { metadata: JSON.stringify(edit.metadata) }),
        ...(edit.expiryPolicy === undefined ? {} : toExpiryEdit(before, edit.expiryPolicy, nowMs)),
        searchText: storeSearchText({ id, name, description }),
        nameSort: storeNameSort(name),
        updatedAtMs: nowMs,
      })
      .where(byId(tenantId, id))
      .returning();
    if (after === undefined) throw vectorStoreNotFound(id);
    return toRecord(after);
  }
}

function toExpiryEdit(before: VectorStoreRecord, edit: ExpiryEdit, nowMs: number) {
  const policy = applyExpiryEdit(before.expiryPolicy ?? NEVER_EXPIRES, edit);
  const columns = toExpiryColumns(policy, { createdAtS: before.createdAt, lastActiveAtS: before.lastActiveAt });
  const isOver = columns.expiresAtS !== null && columns.expiresAtS * 1000 <= nowMs;
  if (isOver) return columns;
  const status = before.fileCounts.in_progress > 0 ? 'in_progress' : 'completed';
  return { ...columns, expiredAtMs: null, ...(before.status === EXPIRED ? { status } : {}) };
}

export function toRecord(row: VectorStoreRow): VectorStoreRecord {
  return {
    defaultChunking: fromJson(row.defaultChunking) as DefaultChunking | null,
    tenantId: row.tenantId,
    id: row.id,
    connectionId: row.connectionId,
    source: row.source,
    backend: row.backend,
    ...fromStoreRow(row),
    extra: fromJson(row.extra),
    filesListedAtMs: row.filesListedAtMs,
    isFileListingCurrent: row.source === 'primary' || row.listedFingerprint === row.fingerprint,
    syncedAtMs: row.syncedAtMs,
    missingSinceMs: row.missingSinceMs,
    expiryPolicy: toExpiryPolicy(row),
    expiredAtMs: row.expiredAtMs,
    trashedAtMs: row.trashedAtMs,
  };
}
