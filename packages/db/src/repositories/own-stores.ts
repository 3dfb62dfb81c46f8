import type { Handle } from '../connect.ts';
import { storeNameSort } from '../search-text.ts';

/** What the limits ask of stores of ours. Those in the trash count, for they are kept; their names are free. */
export function createOwnStoreRepository({ statement }: Handle) {
  return {
    async count(tenantId: string): Promise<number> {
      return statement(
        `select count(*) from vector_store indexed by vector_store_embedding where tenant_id = ? and source = 'primary'`,
      )
        .pluck()
        .get(tenantId) as number;
    },
    /** A store of ours with this very name, other than the one given. */
    async findByName(tenantId: string, name: string, otherThan: string): Promise<string | undefined> {
      return statement(
        `select id from vector_store where tenant_id = ? and name_sort = ? and source = 'primary' and name = ?
            and status <> 'trashed' and id <> ? limit 1`,
      )
        .pluck()
        .get(tenantId, storeNameSort(name), name, otherThan) as string | undefined;
    },
  };
}
