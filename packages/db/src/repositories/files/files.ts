import type { FileSnapshot } from '@espejo/core';
import type { Handle } from '../../connect.ts';
import { toJson } from '../../json.ts';
import { fileSearchText } from '../../search-text.ts';

/** What a page of the file listing is compared with. `seq` is the row's own number. */
export interface KnownFile {
  readonly seq: number;
  readonly hash: string;
  readonly isMissing: boolean;
}

export interface MirroredFile {
  readonly snapshot: FileSnapshot;
  readonly hash: string;
}

export interface MissingFile {
  readonly id: string;
  readonly filename: string;
  readonly missingSinceMs: number;
}

const UPSERT = `
  insert into file (
    tenant_id, id, connection_id, filename, bytes, purpose, status, created_at_s, expires_at_s, extra, search_text, content_hash,
    synced_at_ms, attachment_count, missing_since_ms
  ) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
    (select count(*) from attachment a where a.tenant_id = ? and a.file_id = ?), null)
  on conflict (tenant_id, id) do update set
    filename = excluded.filename, bytes = excluded.bytes, purpose = excluded.purpose, status = excluded.status,
    created_at_s = excluded.created_at_s, expires_at_s = excluded.expires_at_s, extra = excluded.extra,
    search_text = excluded.search_text, content_hash = excluded.content_hash, synced_at_ms = excluded.synced_at_ms, missing_since_ms = null
  where connection_id = excluded.connection_id`;

/** Mirrored files. Every write needs the connection's permit in the same transaction. */
export function createFileRepository({ statement }: Handle) {
  return {
    /** What is known of these ids in this connection. */
    async findKnown(tenantId: string, connectionId: string, ids: readonly string[]): Promise<Map<string, KnownFile>> {
      const rows = statement(
        `select id, seq, content_hash, missing_since_ms from file
          where tenant_id = ? and id in (select value from json_each(?)) and connection_id = ?`,
      )
        .raw()
        .all(tenantId, JSON.stringify(ids), connectionId) as [string, number, string, number | null][];
      return new Map(
        rows.map(([id, seq, hash, missingSinceMs]) => [id, { seq, hash, isMissing: missingSinceMs !== null }]),
      );
    },
    /** Ids of the newest files that are not missing. */
    async listNewest(tenantId: string, connectionId: string, limit: number): Promise<string[]> {
      return statement(
        `select id from file where tenant_id = ? and connection_id = ? and missing_since_ms is null order by seq desc limit ?`,
      )
        .pluck()
        .all(tenantId, connectionId, limit) as string[];
    },
    /**
     * Which of these ids belong to another connection of the tenant or are primary: a mirror must not take them over.
     */
    async findForeign(tenantId: string, connectionId: string, ids: readonly string[]): Promise<string[]> {
      return statement(
        `select id from file indexed by file_id
          where tenant_id = ? and id in (select value from json_each(?)) and connection_id is not ?`,
      )
        .pluck()
        .all(tenantId, JSON.stringify(ids), connectionId) as string[];
    },
    async upsert(tenantId: string, connectionId: string, files: readonly MirroredFile[], nowMs: number): Promise<void> {
      const upsert = statement(UPSERT);
      for (const { snapshot: f, hash } of files) {
        upsert.run(
          tenantId,
          f.id,
          connectionId,
          f.filename,
          f.bytes,
          f.purpose,
          f.status,
          f.createdAt,
          f.expiresAt,
          toJson(f.extra),
          fileSearchText(f),
          hash,
          nowMs,
          tenantId,
          f.id,
        );
      }
    },
    /** The number of rows of a connection and the highest row number, recorded at the start of a listing. */
    async summarize(tenantId: string, connectionId: string): Promise<{ count: number; seqMax: number }> {
      const [count, seqMax] = statement(
        'select count(*), coalesce(max(seq), 0) from file where tenant_id = ? and connection_id = ?',
      )
        .raw()
        .get(tenantId, connectionId) as [number, number];
      return { count, seqMax };
    },
    /** The next `limit` rows of a connection after a row number, in that order. */
    async listSeqs(
      tenantId: string,
      connectionId: string,
      range: { afterSeq: number; seqMax: number; limit: number },
    ): Promise<{ seq: number; id: string }[]> {
      // Follows the row numbers: with an index every call would sort all files of the connection.
      const rows = statement(
        `select seq, id from file not indexed
          where seq > ? and seq <= ? and tenant_id = ? and connection_id = ? order by seq limit ?`,
      )
        .raw()
        .all(range.afterSeq, range.seqMax, tenantId, connectionId, range.limit) as [number, string][];
      return rows.map(([seq, id]) => ({ seq, id }));
    },
    async markMissing(tenantId: string, ids: readonly string[], nowMs: number): Promise<void> {
      const mark = statement(
        'update file set missing_since_ms = ? where tenant_id = ? and id = ? and missing_since_ms is null',
      );
      for (const id of ids) mark.run(nowMs, tenantId, id);
    },
    async clearMissing(tenantId: string, id: string): Promise<void> {
      statement('update file set missing_since_ms = null where tenant_id = ? and id = ?').run(tenantId, id);
    },
    async listMissing(tenantId: string, connectionId: string): Promise<MissingFile[]> {
      const rows = statement(
        `select id, filename, missing_since_ms from file indexed by file_missing
          where tenant_id = ? and connection_id = ? and missing_since_ms is not null`,
      )
        .raw()
        .all(tenantId, connectionId) as [string, string, number][];
      return rows.map(([id, filename, missingSinceMs]) => ({ id, filename, missingSinceMs }));
    },
    async remove(tenantId: string, id: string): Promise<void> {
      statement('delete from file where tenant_id = ? and id = ?').run(tenantId, id);
    },
    /** Removes a file and its remaining attachments in the connection. */
    async removeWithAttachments(tenantId: string, connectionId: string, id: string): Promise<void> {
      // Without the hint, SQLite reads every attachment of the tenant.
      statement(
        `delete from attachment indexed by attachment_by_file
          where tenant_id = ? and file_id = ? and connection_id = ?`,
      ).run(tenantId, id, connectionId);
      statement('delete from file where tenant_id = ? and id = ? and connection_id = ?').run(
        tenantId,
        id,
        connectionId,
      );
    },
    async removeAllOf(tenantId: string, connectionId: string): Promise<void> {
      statement('delete from file where tenant_id = ? and connection_id = ?').run(tenantId, connectionId);
    },
  };
}
