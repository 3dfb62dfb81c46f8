import type { Handle } from '../../connect.ts';

/** One item of storage debt. `sinceS`: created, expired or attached at, in unix seconds. */
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

/** Limits the debt to these connections of a tenant. */
export interface DebtScope {
  readonly tenantId: string;
  readonly connectionIds: readonly string[];
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

/**
 * What costs money or hides problems in mirrored projects, by kind, the largest first. Queries are not paged, because
 * debt is limited to few stores and files.
 */
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
  const within = (alias: string) =>
    `${alias}.tenant_id = ? and ${alias}.connection_id in (select value from json_each(?)) and ${alias}.missing_since_ms is null`;
  const scoped = ({ tenantId, connectionIds }: DebtScope) => [tenantId, JSON.stringify(connectionIds)] as const;

  return {
    /** Files of purpose assistants in no store, created before an instant. */
    async listOrphans(scope: DebtScope, createdBeforeS: number): Promise<DebtRow[]> {
      return rows(
        `select id, filename, null, null, connection_id, coalesce(bytes, 0), created_at_s, null from file f
          where ${within('f')} and purpose = 'assistants' and attachment_count = 0 and created_at_s < ?
          order by bytes desc, id`,
        ...scoped(scope),
        createdBeforeS,
      );
    },
    async listExpiredStores(scope: DebtScope): Promise<DebtRow[]> {
      return rows(
        `select id, name, id, name, connection_id, usage_bytes, coalesce(expires_at_s, created_at_s), null
           from vector_store s where ${within('s')} and status = 'expired' order by usage_bytes desc, id`,
        ...scoped(scope),
      );
    },
    /**
     * Empty stores that are older than an instant and not expired: their own count is 0, or complete listings showed
     * none of the files that they count. That takes two listings in a row, or one if nothing has happened since that
     * instant.
     */
    async listEmptyStores(scope: DebtScope, createdBeforeS: number): Promise<DebtRow[]> {
      return rows(
        `select id, name, id, name, connection_id, usage_bytes, created_at_s,
                case when files_total = 0 then null
                     else 'counts ' || files_total || case files_total when 1 then ' file' else ' files' end
                          || ' but lists none: what it counts is gone' end
           from vector_store s
          where ${within('s')} and created_at_s < ? and status <> 'expired' and files_in_progress = 0
            and (files_total = 0 or (files_listed_at_ms is not null and (listed_fingerprint = fingerprint
                  or (listed_fingerprint = fingerprint || '?' and coalesce(last_active_at_s, created_at_s) < ?))))
            and not exists (select 1 from attachment a where a.tenant_id = s.tenant_id and a.store_id = s.id)
          order by usage_bytes desc, created_at_s, id`,
        ...scoped(scope),
        createdBeforeS,
        createdBeforeS,
      );
    },
    /** Attachments of existing files that failed, or that are in progress since before an instant. */
    async listUnhealthy(
      scope: DebtScope,
      status: 'failed' | 'in_progress',
      attachedBeforeS: number,
    ): Promise<DebtRow[]> {
      return rows(
        `select a.store_id || '/' || a.file_id, f.filename, a.store_id, s.name, a.connection_id, coalesce(f.bytes, 0),
                a.created_at_s, json_extract(a.last_error, '$.message')
           from attachment a
           join file f on f.tenant_id = a.tenant_id and f.id = a.file_id and f.missing_since_ms is null
           left join vector_store s on s.tenant_id = a.tenant_id and s.id = a.store_id
          where ${within('a')} and a.status = ? and a.created_at_s < ?
          order by f.bytes desc, a.store_id, a.file_id`,
        ...scoped(scope),
        status,
        attachedBeforeS,
      );
    },
    /** Attachments made before an instant whose file the project does not list. */
    async listGhosts(scope: DebtScope, attachedBeforeS: number): Promise<DebtRow[]> {
      return rows(
        `select a.store_id || '/' || a.file_id, null, a.store_id, s.name, a.connection_id, coalesce(a.usage_bytes, 0),
                a.created_at_s, null
           from attachment a
           left join vector_store s on s.tenant_id = a.tenant_id and s.id = a.store_id
          where ${within('a')} and a.created_at_s < ?
            and not exists (select 1 from file f where f.tenant_id = a.tenant_id and f.id = a.file_id and f.missing_since_ms is null)
          order by a.usage_bytes desc, a.store_id, a.file_id`,
        ...scoped(scope),
        attachedBeforeS,
      );
    },
    /**
     * Files in no store with the same name (normalised) and size as another file of the project that is in a store. The
     * names of files in stores are normalised once and grouped: many files may have the same size.
     */
    async listDuplicates(scope: DebtScope, createdBeforeS: number): Promise<DebtRow[]> {
      return rows(
        `with orphan as materialized (
           select id, filename, nfc(filename) as name, connection_id, bytes, created_at_s from file f
            where ${within('f')} and f.purpose = 'assistants' and f.attachment_count = 0 and f.created_at_s < ?
              and f.bytes is not null
         ), attached as materialized (
           select connection_id, bytes, nfc(filename) as name, min(id) as id from file g
            where ${within('g')} and g.attachment_count > 0 and g.bytes in (select bytes from orphan)
            group by 1, 2, 3
         )
         select o.id, o.filename, null, null, o.connection_id, o.bytes, o.created_at_s, 'same name and size as ' || a.id
           from orphan o join attached a on a.bytes = o.bytes and a.name = o.name and a.connection_id = o.connection_id
          order by o.bytes desc, o.id`,
        ...scoped(scope),
        createdBeforeS,
        ...scoped(scope),
      );
    },
    /** Of all connections, or of one. */
    async listLargestStores(tenantId: string, limit: number, connectionId?: string): Promise<DebtRow[]> {
      return rows(
        `select id, name, id, name, connection_id, usage_bytes, created_at_s, null from vector_store
          where tenant_id = ? and source = 'cache' and missing_since_ms is null and (? = '' or connection_id = ?)
          order by usage_bytes desc, id limit ?`,
        tenantId,
        connectionId ?? '',
        connectionId ?? '',
        limit,
      );
    },
  };
}
