import type { Handle } from '../../connect.ts';

/** The former places of deleted rows in their lists: see the schema. */
export function createVanishedRowRepository({ statement }: Handle) {
  return {
    /** Removes entries older than this, by the machine's clock, which wrote them. */
    async prune(olderThanS: number): Promise<void> {
      statement('delete from vanished_row where vanished_at_s < unixepoch() - ?').run(olderThanS);
    },
  };
}

/** The former place of a deleted row in its list: second of creation and sequence number; undefined: none is known. */
export function vanishedKey(
  { statement }: Pick<Handle, 'statement'>,
  { tenantId, list, id }: { readonly tenantId: string; readonly list: string; readonly id: string },
): readonly [createdAtS: number, seq: number] | undefined {
  return statement('select created_at_s, seq from vanished_row where tenant_id = ? and list = ? and id = ?')
    .raw()
    .get(tenantId, list, id) as [number, number] | undefined;
}
