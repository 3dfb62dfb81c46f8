import type { Handle } from '../../connect.ts';

export interface Holder {
  readonly fileId: string;
  readonly tenantId: string;
  readonly storeId: string;
  /** Base URL of the mirror's connection; null: a primary store. */
  readonly baseUrl: string | null;
}

/** Attachments of a file over every tenant: a deletion must find references that it may not name. */
export function createMembershipRepository({ statement }: Handle) {
  return {
    async listHolders(fileIds: readonly string[]): Promise<Holder[]> {
      const rows = statement(
        `select a.file_id, a.tenant_id, a.store_id, c.base_url from attachment a
          left join connection c on c.tenant_id = a.tenant_id and c.id = a.connection_id
          where a.file_id in (select value from json_each(?))`,
      )
        .raw()
        .all(JSON.stringify(fileIds)) as [string, string, string, string | null][];
      return rows.map(([fileId, tenantId, storeId, baseUrl]) => ({ fileId, tenantId, storeId, baseUrl }));
    },
  };
}
