import type { FileCounts } from '@espejo/core';
import type { Handle } from '../../connect.ts';

export interface FileBatchRecord {
  readonly id: string;
  readonly storeId: string;
  readonly createdAt: number;
  readonly status: 'in_progress' | 'completed' | 'cancelled';
  readonly fileCounts: FileCounts;
}

/** File batches and the status of each of their files. */
export function createFileBatchRepository({ statement }: Handle) {
  return {
    async insert(input: {
      tenantId: string;
      id: string;
      storeId: string;
      createdAtS: number;
      fileIds: readonly string[];
    }): Promise<void> {
      const { tenantId, id, storeId, createdAtS, fileIds } = input;
      statement('insert into file_batch (tenant_id, id, store_id, created_at_s) values (?, ?, ?, ?)').run(
        tenantId,
        id,
        storeId,
        createdAtS,
      );
      const add = statement(
        `insert into file_batch_file (tenant_id, batch_id, file_id, position, status) values (?, ?, ?, ?, 'in_progress')`,
      );
      for (const [position, fileId] of fileIds.entries()) add.run(tenantId, id, fileId, position);
    },
    async find(tenantId: string, id: string): Promise<FileBatchRecord | undefined> {
      const batch = statement(
        'select store_id, created_at_s, is_cancelled from file_batch where tenant_id = ? and id = ?',
      )
        .raw()
        .get(tenantId, id) as [string, number, number] | undefined;
      if (batch === undefined) return undefined;
      const rows = statement(
        'select status, count(*) from file_batch_file where tenant_id = ? and batch_id = ? group by status',
      )
        .raw()
        .all(tenantId, id) as [string, number][];
      const counts = new Map(rows);
      const of = (status: string) => counts.get(status) ?? 0;
      const fileCounts = {
        in_progress: of('in_progress'),
        completed: of('completed'),
        failed: of('failed'),
        cancelled: of('cancelled'),
        total: rows.reduce((sum, row) => sum + row[1], 0),
      };
      const [storeId, createdAt, isCancelled] = batch;
      const status = isCancelled !== 0 ? 'cancelled' : fileCounts.in_progress > 0 ? 'in_progress' : 'completed';
      return { id, storeId, createdAt, status, fileCounts };
    },
    async markCancelled(tenantId: string, id: string): Promise<void> {
      statement('update file_batch set is_cancelled = 1 where tenant_id = ? and id = ?').run(tenantId, id);
    },
    /** Files of the batch that are still in progress. */
    async listInProgress(tenantId: string, id: string): Promise<string[]> {
      return statement(
        `select file_id from file_batch_file where tenant_id = ? and batch_id = ? and status = 'in_progress' order by position`,
      )
        .pluck()
        .all(tenantId, id) as string[];
    },
    async setFileStatus(tenantId: string, id: string, fileId: string, status: string): Promise<void> {
      statement('update file_batch_file set status = ? where tenant_id = ? and batch_id = ? and file_id = ?').run(
        status,
        tenantId,
        id,
        fileId,
      );
    },
  };
}
