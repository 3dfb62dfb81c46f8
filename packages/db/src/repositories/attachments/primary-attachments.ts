import type { Attributes, JsonObject } from '@espejo/core';
import type { Handle } from '../../connect.ts';
import { fromJson } from '../../json.ts';
import { applyCounterDelta } from '../vector-stores/store-counters.ts';
import type { AttachmentStatus } from './attachment-status.ts';

/** OpenAI's reasons for a file that could not be taken in. */
export interface IngestionError {
  readonly code: 'server_error' | 'unsupported_file' | 'invalid_file';
  readonly message: string;
}

export interface NewAttachment {
  readonly tenantId: string;
  readonly storeId: string;
  readonly fileId: string;
  readonly createdAtS: number;
  readonly attributes: Attributes;
  readonly maxTokens: number;
  readonly overlapTokens: number;
  readonly batchId: string | null;
  readonly nowMs: number;
}

/** What became of an attachment's content. */
export interface IngestionOutcome {
  readonly status: AttachmentStatus;
  readonly usageBytes: number;
  readonly chunkCount: number | null;
  readonly lastError: IngestionError | null;
  /** What of the file could not be read, a sentence each; absent or empty: its text is whole. */
  readonly gaps?: readonly string[];
}

interface Key {
  readonly tenantId: string;
  readonly storeId: string;
  readonly fileId: string;
}

/**
 * Memberships of our files in our stores. Whatever changes the status or the usage of one changes its store's counters
 * and its batch in the same statement run, so they are never apart. No statement can meet a mirrored row.
 */
export function createPrimaryAttachmentRepository({ statement }: Handle) {
  const count = applyCounterDelta(statement);
  const KEY = 'tenant_id = ? and store_id = ? and file_id = ?';

  function present(key: Key): { status: AttachmentStatus; usageBytes: number; batchId: string | null } | undefined {
    const row = statement(
      `select a.status, coalesce(a.usage_bytes, 0), i.batch_id from attachment a
         join ingestion i on i.tenant_id = a.tenant_id and i.store_id = a.store_id and i.file_id = a.file_id
        where a.tenant_id = ? and a.store_id = ? and a.file_id = ? and a.connection_id is null`,
    )
      .raw()
      .get(key.tenantId, key.storeId, key.fileId) as [AttachmentStatus, number, string | null] | undefined;
    return row === undefined ? undefined : { status: row[0], usageBytes: row[1], batchId: row[2] };
  }

  function recount(tenantId: string, fileId: string): void {
    statement(
      `update file set attachment_count =
         (select count(*) from attachment a where a.tenant_id = file.tenant_id and a.file_id = file.id)
        where tenant_id = ? and id = ?`,
    ).run(tenantId, fileId);
  }

  /** Every batch that still waits for this file hears what became of it. */
  function tellBatches({ tenantId, storeId, fileId }: Key, status: AttachmentStatus): void {
    statement(
      `update file_batch_file indexed by file_batch_file_open set status = ?
        where tenant_id = ? and file_id = ? and status = 'in_progress'
          and batch_id in (select id from file_batch where tenant_id = ? and store_id = ?)`,
    ).run(status, tenantId, fileId, tenantId, storeId);
  }

  function setInBatch({ tenantId, fileId }: Key, batchId: string | null, status: AttachmentStatus): void {
    if (batchId === null) return;
    statement('update file_batch_file set status = ? where tenant_id = ? and batch_id = ? and file_id = ?').run(
      status,
      tenantId,
      batchId,
      fileId,
    );
  }

  return {
    /** Attaches a file that is not in the store yet: in progress from now on. */
    async insert(a: NewAttachment): Promise<void> {
      statement(
        `insert into attachment (tenant_id, store_id, file_id, connection_id, status, usage_bytes, created_at_s,
           chunking_strategy, attributes, content_hash) values (?, ?, ?, null, 'in_progress', 0, ?, ?, ?, '')`,
      ).run(a.tenantId, a.storeId, a.fileId, a.createdAtS, toStrategy(a), JSON.stringify(a.attributes));
      statement(
        `insert into ingestion (tenant_id, store_id, file_id, batch_id, max_tokens, overlap_tokens, is_pending,
           next_attempt_at_ms) values (?, ?, ?, ?, ?, ?, 1, ?)`,
      ).run(a.tenantId, a.storeId, a.fileId, a.batchId, a.maxTokens, a.overlapTokens, a.nowMs);
      recount(a.tenantId, a.fileId);
      count(a, { from: null, to: 'in_progress', usageBytes: 0, nowMs: a.nowMs });
    },
    /** Has an attachment that is there taken in once more, under this strategy and these attributes. */
    async restart(a: Omit<NewAttachment, 'createdAtS'>): Promise<void> {
      const before = present(a);
      if (before === undefined) return;
      statement(
        `update attachment set status = 'in_progress', usage_bytes = 0, last_error = null, chunking_strategy = ?,
           attributes = ? where ${KEY} and connection_id is null`,
      ).run(toStrategy(a), JSON.stringify(a.attributes), a.tenantId, a.storeId, a.fileId);
      statement(
        `update ingestion set batch_id = ?, max_tokens = ?, overlap_tokens = ?, is_pending = 1, attempts = 0,
           next_attempt_at_ms = ?, lease_owner = null, lease_expires_at_ms = 0, fence = fence + 1, chunk_count = null, gaps = null,
           lost_reads = 0, is_being_read = 0
          where ${KEY}`,
      ).run(a.batchId, a.maxTokens, a.overlapTokens, a.nowMs, a.tenantId, a.storeId, a.fileId);
      count(a, { from: before.status, to: 'in_progress', usageBytes: -before.usageBytes, nowMs: a.nowMs });
    },
    /** Has one that failed or was cancelled taken in once more, as it is. */
    async retry(key: Key, nowMs: number): Promise<void> {
      const before = present(key);
      if (before === undefined || before.status === 'in_progress' || before.status === 'completed') return;
      statement(
        `update attachment set status = 'in_progress', usage_bytes = 0, last_error = null
          where ${KEY} and connection_id is null`,
      ).run(key.tenantId, key.storeId, key.fileId);
      statement(
        `update ingestion set is_pending = 1, attempts = 0, lost_reads = 0, is_being_read = 0, next_attempt_at_ms = ?,
           fence = fence + 1, gaps = null where ${KEY}`,
      ).run(nowMs, key.tenantId, key.storeId, key.fileId);
      setInBatch(key, before.batchId, 'in_progress');
      count(key, { from: before.status, to: 'in_progress', usageBytes: -before.usageBytes, nowMs });
    },
    /** Makes one that is there a batch's, as it stands. */
    async adopt(key: Key, batchId: string): Promise<void> {
      const before = present(key);
      if (before === undefined) return;
      statement(`update ingestion set batch_id = ? where ${KEY}`).run(batchId, key.tenantId, key.storeId, key.fileId);
      setInBatch(key, batchId, before.status);
    },
    /** Ends the work on an attachment; whoever still works on it finds its claim lost. */
    async finish(key: Key, outcome: IngestionOutcome, nowMs: number): Promise<boolean> {
      const before = present(key);
      if (before === undefined) return false;
      const { status, usageBytes, chunkCount, lastError, gaps = [] } = outcome;
      statement(
        `update attachment set status = ?, usage_bytes = ?, last_error = ? where ${KEY} and connection_id is null`,
      ).run(
        status,
        usageBytes,
        lastError === null ? null : JSON.stringify(lastError),
        key.tenantId,
        key.storeId,
        key.fileId,
      );
      statement(
        `update ingestion set is_pending = 0, lease_owner = null, lease_expires_at_ms = 0, fence = fence + 1,
           chunk_count = ?, gaps = ? where ${KEY}`,
      ).run(chunkCount, gaps.length === 0 ? null : JSON.stringify(gaps), key.tenantId, key.storeId, key.fileId);
      tellBatches(key, status);
      count(key, { from: before.status, to: status, usageBytes: usageBytes - before.usageBytes, nowMs });
      return true;
    },
    async setAttributes(key: Key, attributes: Attributes): Promise<boolean> {
      return (
        statement(`update attachment set attributes = ? where ${KEY} and connection_id is null`).run(
          JSON.stringify(attributes),
          key.tenantId,
          key.storeId,
          key.fileId,
        ).changes > 0
      );
    },
    /** Ends a membership; false when it was not there. */
    async remove(key: Key, nowMs: number): Promise<boolean> {
      const before = present(key);
      if (before === undefined) return false;
      statement(`delete from attachment where ${KEY} and connection_id is null`).run(
        key.tenantId,
        key.storeId,
        key.fileId,
      );
      statement(`delete from ingestion where ${KEY}`).run(key.tenantId, key.storeId, key.fileId);
      recount(key.tenantId, key.fileId);
      tellBatches(key, 'cancelled');
      count(key, { from: before.status, to: null, usageBytes: -before.usageBytes, nowMs });
      return true;
    },
    /** Everything of a store that is gone itself. */
    async removeAllOfStore(tenantId: string, storeId: string): Promise<void> {
      const fileIds = statement(
        'delete from attachment where tenant_id = ? and store_id = ? and connection_id is null returning file_id',
      )
        .pluck()
        .all(tenantId, storeId) as string[];
      statement('delete from ingestion where tenant_id = ? and store_id = ?').run(tenantId, storeId);
      statement(
        `delete from file_batch_file where tenant_id = ? and batch_id in
           (select id from file_batch where tenant_id = ? and store_id = ?)`,
      ).run(tenantId, tenantId, storeId);
      statement('delete from file_batch where tenant_id = ? and store_id = ?').run(tenantId, storeId);
      for (const fileId of fileIds) recount(tenantId, fileId);
    },
    /** Stores of ours that hold a file. */
    async listStoresOf(tenantId: string, fileId: string): Promise<string[]> {
      return statement(
        `select store_id from attachment indexed by attachment_by_file
          where tenant_id = ? and file_id = ? and connection_id is null order by store_id`,
      )
        .pluck()
        .all(tenantId, fileId) as string[];
    },
    /** A file of this name, as it looks, that the store holds already, other than the one given. */
    async findByFilename(
      tenantId: string,
      storeId: string,
      filename: string,
      otherThan: string,
    ): Promise<string | undefined> {
      return statement(
        `select a.file_id from file f join attachment a on a.tenant_id = f.tenant_id and a.file_id = f.id and a.store_id = ?
          where f.tenant_id = ? and nfc(f.filename) = nfc(?) and f.id <> ? limit 1`,
      )
        .pluck()
        .get(storeId, tenantId, filename, otherThan) as string | undefined;
    },
    /** Failed attachments of a store, in the order they were attached. */
    async listFailed(tenantId: string, storeId: string, limit: number): Promise<string[]> {
      return statement(
        `select i.file_id from ingestion i
           join attachment a on a.tenant_id = i.tenant_id and a.store_id = i.store_id and a.file_id = i.file_id
          where i.tenant_id = ? and i.store_id = ? and a.status = 'failed' order by i.seq limit ?`,
      )
        .pluck()
        .all(tenantId, storeId, limit) as string[];
    },
    async findAttributes(key: Key): Promise<JsonObject | null | undefined> {
      const text = statement(`select attributes from attachment where ${KEY} and connection_id is null`)
        .pluck()
        .get(key.tenantId, key.storeId, key.fileId) as string | null | undefined;
      return text === undefined ? undefined : fromJson(text);
    },
  };
}

function toStrategy({ maxTokens, overlapTokens }: { maxTokens: number; overlapTokens: number }): string {
  return JSON.stringify({
    type: 'static',
    static: { max_chunk_size_tokens: maxTokens, chunk_overlap_tokens: overlapTokens },
  });
}
