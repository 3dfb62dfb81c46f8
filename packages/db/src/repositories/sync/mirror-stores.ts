import type { StoreSnapshot } from '@espejo/core';
import type { Handle } from '../../connect.ts';
import { NEVER } from '../../expiry-columns.ts';
import { toJson } from '../../json.ts';
import { storeNameSort, storeSearchText } from '../../search-text.ts';
import { STORE_COLUMN_NAMES, toStoreBindings } from '../vector-stores/store-columns.ts';

/** What a sync needs of a store it has seen before. */
export interface KnownStore {
  readonly name: string | null;
  readonly hash: string;
  readonly isMissing: boolean;
  readonly missingSinceMs: number | null;
  readonly listedFingerprint: string | null;
  readonly filesListedAtMs: number | null;
}

export interface MirroredStore {
  readonly snapshot: StoreSnapshot;
  readonly fingerprint: string;
}

const WRITTEN_COLUMNS = [
  ...STORE_COLUMN_NAMES,
  'extra',
  'search_text',
  'name_sort',
  'expires_sort',
  'last_active_sort',
  'fingerprint',
  'synced_at_ms',
  'updated_at_ms',
];

const UPSERT = `
  insert into vector_store (
    tenant_id, id, connection_id, source, backend, ${WRITTEN_COLUMNS.join(', ')}, missing_since_ms
  ) values (?, ?, ?, 'cache', 'openai', ${WRITTEN_COLUMNS.map(() => '?').join(', ')}, null)
  on conflict (tenant_id, id) do update set
    ${WRITTEN_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}, missing_since_ms = null
  where connection_id = excluded.connection_id`;

/** Mirrored stores. Every write needs the connection's permit in the same transaction. */
export function createMirrorStoreRepository({ statement }: Handle) {
  return {
    /** All known stores of a connection, by id. */
    async listKnown(tenantId: string, connectionId: string): Promise<Map<string, KnownStore>> {
      const rows = statement(
        `select id, name, fingerprint, missing_since_ms, listed_fingerprint, files_listed_at_ms
           from vector_store where tenant_id = ? and connection_id = ?`,
      )
        .raw()
        .all(tenantId, connectionId) as [string, string | null, string, number | null, string | null, number | null][];
      return new Map(
        rows.map(([id, name, hash, missingSinceMs, listedFingerprint, filesListedAtMs]) => [
          id,
          { name, hash, isMissing: missingSinceMs !== null, missingSinceMs, listedFingerprint, filesListedAtMs },
        ]),
      );
    },
    /** Whether a store that has files, here or upstream, was not completely listed since its row last changed. */
    async hasUnlisted(tenantId: string, connectionId: string): Promise<boolean> {
      return (
        statement(
          `select 1 from vector_store s
            where tenant_id = ? and connection_id = ? and missing_since_ms is null and listed_fingerprint is not fingerprint
              and (files_total > 0
                or exists (select 1 from attachment a where a.tenant_id = s.tenant_id and a.store_id = s.id)) limit 1`,
        ).get(tenantId, connectionId) !== undefined
      );
    },
    /**
     * Which of these ids belong to another connection of the tenant or are primary: a mirror must not take them over.
     */
    async findForeign(tenantId: string, connectionId: string, ids: readonly string[]): Promise<string[]> {
      return statement(
        `select id from vector_store indexed by vector_store_id
          where tenant_id = ? and id in (select value from json_each(?)) and connection_id is not ?`,
      )
        .pluck()
        .all(tenantId, JSON.stringify(ids), connectionId) as string[];
    },
    async upsert(
      tenantId: string,
      connectionId: string,
      stores: readonly MirroredStore[],
      nowMs: number,
    ): Promise<void> {
      const upsert = statement(UPSERT);
      for (const { snapshot: s, fingerprint } of stores) {
        upsert.run(
          tenantId,
          s.id,
          connectionId,
          ...toStoreBindings(s),
          toJson(s.extra),
          storeSearchText(s),
          storeNameSort(s.name),
          s.expiresAt ?? NEVER,
          s.lastActiveAt ?? 0,
          fingerprint,
          nowMs,
          nowMs,
        );
      }
    },
    /** Records that the files of a store were completely listed while its row had this fingerprint. */
    async setFilesListed(tenantId: string, id: string, fingerprint: string, listedAtMs: number): Promise<void> {
      statement(
        'update vector_store set listed_fingerprint = ?, files_listed_at_ms = ? where tenant_id = ? and id = ?',
      ).run(fingerprint, listedAtMs, tenantId, id);
    },
    /** Marks stores as absent from a complete listing; a store that is already marked keeps its first instant. */
    async markMissing(tenantId: string, ids: readonly string[], nowMs: number): Promise<void> {
      const mark = statement(
        'update vector_store set missing_since_ms = ? where tenant_id = ? and id = ? and missing_since_ms is null',
      );
      for (const id of ids) mark.run(nowMs, tenantId, id);
    },
    async clearMissing(tenantId: string, id: string): Promise<void> {
      statement('update vector_store set missing_since_ms = null where tenant_id = ? and id = ?').run(tenantId, id);
    },
    async remove(tenantId: string, id: string): Promise<void> {
      statement('delete from vector_store where tenant_id = ? and id = ?').run(tenantId, id);
    },
    async removeAllOf(tenantId: string, connectionId: string): Promise<void> {
      statement('delete from vector_store where tenant_id = ? and connection_id = ?').run(tenantId, connectionId);
    },
  };
}
