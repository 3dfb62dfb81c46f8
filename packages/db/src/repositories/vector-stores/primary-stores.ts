import type { Handle } from '../../connect.ts';
import { storeNameSort } from '../../search-text.ts';

/** What limits need of primary stores. Stores in the trash count, because they are kept; their names are free. */
export function createPrimaryStoreRepository({ statement }: Handle) {
  return {
    async count(tenantId: string): Promise<number> {
      return statement(
        `select count(*) from vector_store indexed by vector_store_embedding where tenant_id = ? and source = 'primary'`,
      )
        .pluck()
        .get(tenantId) as number;
    },
    /** The tenants of these primary stores, also of a deleted one whose index is still to be dropped. */
    async ownersOf(storeIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
      const rows = statement(
        `with wanted(id) as (select value from json_each(?))
          select store_id, tenant_id from local_task where kind = 'drop_store' and store_id in (select id from wanted)
          union all
          select id, tenant_id from vector_store where source = 'primary' and id in (select id from wanted)`,
      )
        .raw()
        .all(JSON.stringify(storeIds)) as [string, string][];
      return new Map(rows);
    },
    /** Another primary store with this name, compared in its normalised form. */
    async findByName(tenantId: string, name: string, otherThan: string): Promise<string | undefined> {
      return statement(
        `select id from vector_store where tenant_id = ? and name_sort = ? and source = 'primary' and nfc(name) = nfc(?)
            and status <> 'trashed' and id <> ? limit 1`,
      )
        .pluck()
        .get(tenantId, storeNameSort(name), name, otherThan) as string | undefined;
    },
  };
}
