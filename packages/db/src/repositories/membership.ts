import type { Handle } from '../connect.ts';

export interface Holder {
  readonly fileId: string;
  readonly tenantId: string;
  readonly storeId: string;
}

/** Who holds a file, over every tenant: a deletion must know of holders it may not name. */
export function createMembershipRepository({ statement }: Handle) {
  return {
    async listHolders(fileIds: readonly string[]): Promise<Holder[]> {
      const rows = statement(
        'select file_id, tenant_id, store_id from attachment where file_id in (select value from json_each(?))',
      )
        .raw()
        .all(JSON.stringify(fileIds)) as [string, string, string][];
      return rows.map(([fileId, tenantId, storeId]) => ({ fileId, tenantId, storeId }));
    },
  };
}
