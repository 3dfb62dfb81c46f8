import type { Handle } from '../../connect.ts';

/** A task in the index or the blob store that follows from a committed change. */
export type LocalTask =
  | { readonly kind: 'drop_store'; readonly storeId: string }
  | { readonly kind: 'remove_file' | 'set_attributes'; readonly storeId: string; readonly fileId: string }
  | { readonly kind: 'remove_blob'; readonly sha256: string };

export interface LocalTaskRecord {
  readonly seq: number;
  readonly tenantId: string;
  readonly task: LocalTask;
}

type Tuple = [
  seq: number,
  kind: LocalTask['kind'],
  storeId: string | null,
  fileId: string | null,
  sha256: string | null,
];

/** The outbox: tasks outside the database that are not done yet. */
export function createLocalTaskRepository({ statement }: Handle) {
  return {
    async add(tenantId: string, task: LocalTask, nowMs: number): Promise<void> {
      statement(
        'insert into local_task (tenant_id, kind, store_id, file_id, sha256, created_at_ms) values (?, ?, ?, ?, ?, ?)',
      ).run(
        tenantId,
        task.kind,
        'storeId' in task ? task.storeId : null,
        'fileId' in task ? task.fileId : null,
        'sha256' in task ? task.sha256 : null,
        nowMs,
      );
    },
    async list(tenantId: string, afterSeq: number, limit: number): Promise<LocalTaskRecord[]> {
      const rows = statement(
        'select seq, kind, store_id, file_id, sha256 from local_task where tenant_id = ? and seq > ? order by seq limit ?',
      )
        .raw()
        .all(tenantId, afterSeq, limit) as Tuple[];
      return rows.map(([seq, kind, storeId, fileId, sha256]) => ({
        seq,
        tenantId,
        task: toTask(kind, storeId ?? '', fileId ?? '', sha256 ?? ''),
      }));
    },
    async remove(tenantId: string, seqs: readonly number[]): Promise<void> {
      statement('delete from local_task where tenant_id = ? and seq in (select value from json_each(?))').run(
        tenantId,
        JSON.stringify(seqs),
      );
    },
  };
}

function toTask(kind: LocalTask['kind'], storeId: string, fileId: string, sha256: string): LocalTask {
  switch (kind) {
    case 'drop_store':
      return { kind, storeId };
    case 'remove_blob':
      return { kind, sha256 };
    default:
      return { kind, storeId, fileId };
  }
}
