import type { Handle } from '../connect.ts';

/** One thing that is debt. `sinceS`: created, expired or attached then, in unix seconds. */
export interface DebtRow {
  readonly id: string;
  readonly name: string | null;
  readonly storeId: string | null;
  readonly storeName: string | null;
  readonly connectionId: string | null;
  readonly sizeBytes: number;
  readonly sinceS: number;
  readonly note: string | null;
}

type Tuple = [
  id: string,
  name: string | null,
  storeId: string | null,
  storeName: string | null,
  connectionId: string | null,
  sizeBytes: number,
  sinceS: number,
  note: string | null,
];

/** What costs money or hides trouble, of each kind. Every query answers whole: debt is what a few stores and files hold. */
export function createStorageDebtRepository({ statement }: Handle) {
  function rows(sqlText: string, ...values: (string | number)[]): DebtRow[] {
    const tuples = statement(sqlText)
      .raw()
      .all(...values) as Tuple[];
    return tuples.map(([id, name, storeId, storeName, connectionId, sizeBytes, sinceS, note]) => ({
      id,
      name,
      storeId,
      storeName,
      connectionId,
      sizeBytes,
      sinceS,
      note,
    }));
  }
  return {
    /** Files of purpose assistants in no store, created before an instant. */
    async listOrphans(tenantId: string, createdBeforeS: number): Promise<DebtRow[]> {
      return rows(
        `select id, filename, null, null, connection_id, coalesce(bytes, 0), created_at_s, null from file
          where tenant_id = ? and purpose = 'assistants' and attachment_count = 0 and created_at_s < ?
            and missing_since_ms is null and connection_id is not null
          order by bytes desc`,
        tenantId,
        createdBeforeS,
      );
    },
    async listExpiredStores(tenantId: string): Promise<DebtRow[]> {
      return rows(
        `select id, name, id, name, connection_id, usage_bytes, coalesce(expires_at_s, created_at_s), null from vector_store
          where tenant_id = ? and status = 'expired' and missing_since_ms is null order by usage_bytes desc`,
        tenantId,
      );
    },
    /** Stores without a file, older than an instant, that are not expired. */
    async listEmptyStores(tenantId: string, createdBeforeS: number): Promise<DebtRow[]> {
      return rows(
        `select id, name, id, name, connection_id, usage_bytes, created_at_s, null from vector_store s
          where tenant_id = ? and files_total = 0 and created_at_s < ? and status not in ('expired', 'trashed')
            and missing_since_ms is null
            and not exists (select 1 from attachment a where a.tenant_id = s.tenant_id and a.store_id = s.id)
          order by created_at_s`,
        tenantId,
        createdBeforeS,
      );
    },
    /** Attachments that failed, or are in progress since before an instant. */
    async listUnhealthy(
      tenantId: string,
      status: 'failed' | 'in_progress',
      attachedBeforeS: number,
    ): Promise<DebtRow[]> {
      return rows(
        `select a.store_id || '/' || a.file_id, f.filename, a.store_id, s.name, a.connection_id, coalesce(f.bytes, 0),
                a.created_at_s, json_extract(a.last_error, '$.message')
           from attachment a
           left join file f on f.tenant_id = a.tenant_id and f.id = a.file_id
           left join vector_store s on s.tenant_id = a.tenant_id and s.id = a.store_id
          where a.tenant_id = ? and a.status = ? and a.created_at_s < ? and a.missing_since_ms is null and f.id is not null
          order by a.created_at_s`,
        tenantId,
        status,
        attachedBeforeS,
      );
    },
    /** Attachments whose file the project does not list. */
    async listGhosts(tenantId: string, connectionId: string): Promise<DebtRow[]> {
      return rows(
        `select a.store_id || '/' || a.file_id, null, a.store_id, s.name, a.connection_id, coalesce(a.usage_bytes, 0),
                a.created_at_s, null
           from attachment a
           left join vector_store s on s.tenant_id = a.tenant_id and s.id = a.store_id
          where a.tenant_id = ? and a.connection_id = ? and a.missing_since_ms is null
            and not exists (select 1 from file f where f.tenant_id = a.tenant_id and f.id = a.file_id and f.missing_since_ms is null)
          order by a.created_at_s`,
        tenantId,
        connectionId,
      );
    },
    /** Files in no store that have the name and size of another file which a store does hold. */
    async listDuplicates(tenantId: string, createdBeforeS: number): Promise<DebtRow[]> {
      return rows(
        `select f.id, f.filename, null, null, f.connection_id, coalesce(f.bytes, 0), f.created_at_s, 'same name and size as ' || min(g.id)
           from file f
           join file g on g.tenant_id = f.tenant_id and g.filename = f.filename and g.bytes = f.bytes
                      and g.connection_id = f.connection_id and g.id <> f.id and g.attachment_count > 0
          where f.tenant_id = ? and f.purpose = 'assistants' and f.attachment_count = 0 and f.created_at_s < ?
            and f.missing_since_ms is null and f.bytes is not null
          group by f.id order by f.bytes desc`,
        tenantId,
        createdBeforeS,
      );
    },
    async listLargestStores(tenantId: string, limit: number): Promise<DebtRow[]> {
      return rows(
        `select id, name, id, name, connection_id, usage_bytes, created_at_s, null from vector_store
          where tenant_id = ? and source = 'cache' order by usage_bytes desc, id limit ?`,
        tenantId,
        limit,
      );
    },
  };
}
