import type { Attributes, JsonObject } from '@espejo/core';
import type { Handle } from '../../connect.ts';
import { fromJson } from '../../json.ts';
import { applyCounterDelta } from '../vector-stores/store-counters.ts';
import type { AttachmentStatus } from './attachment-status.ts';

/** OpenAI's error codes of a file that could not be ingested. */
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

/** The result of an ingestion. */
export interface IngestionOutcome {
  readonly status: AttachmentStatus;
  readonly usageBytes: number;
  readonly chunkCount: number | null;
  readonly lastError: IngestionError | null;
  /** What of the file could not be read, one sentence each; absent or empty: its text is complete. */
  readonly gaps?: readonly string[];
}

interface Key {
  readonly tenantId: string;
  readonly storeId: string;
  readonly fileId: string;
}

/**
 * Attachments of primary files to primary stores. Every change of a status or a usage updates the counters of the store
 * and the batch in the same statements, so they never differ. No statement can match a mirrored row.
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

  /** Records the new status in every batch that still waits for this file. */
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
    /** Attaches a file that is not in the store yet, as in progress. */
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
    /** Ingests an existing attachment again, with this chunking strategy and these attributes. */
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
    /** Ingests a failed or cancelled attachment again, unchanged. */
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
    /** Adds an existing attachment to a batch with its current status. */
    async adopt(key: Key, batchId: string): Promise<void> {
      const before = present(key);
      if (before === undefined) return;
      statement(`update ingestion set batch_id = ? where ${KEY}`).run(batchId, key.tenantId, key.storeId, key.fileId);
      setInBatch(key, batchId, before.status);
    },
    /** Ends the ingestion of an attachment; a worker that still has a claim on it loses it. */
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
    /** Detaches a file; false when it was not attached. */
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
    /** Everything of a store that has been removed. */
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
    /** Primary stores that a file is attached to. */
    async listStoresOf(tenantId: string, fileId: string): Promise<string[]> {
      return statement(
        `select store_id from attachment indexed by attachment_by_file
          where tenant_id = ? and file_id = ? and connection_id is null order by store_id`,
      )
        .pluck()
        .all(tenantId, fileId) as string[];
    },
    /** Another file in the store with the same name, compared in its normalised form. */
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
