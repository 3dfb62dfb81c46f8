import type { Handle } from '../../connect.ts';

/** Where deleted rows stood in their lists: see the schema. */
export function createVanishedRowRepository({ statement }: Handle) {
  return {
    /** Forgets rows that vanished more than this long ago, by the machine's clock, which wrote them down. */
    async prune(olderThanS: number): Promise<void> {
      statement('delete from vanished_row where vanished_at_s < unixepoch() - ?').run(olderThanS);
    },
  };
}

/** The place of a row that is not in its list any more: second of creation and order in it; undefined: none is known. */
export function vanishedKey(
  { statement }: Pick<Handle, 'statement'>,
  { tenantId, list, id }: { readonly tenantId: string; readonly list: string; readonly id: string },
): readonly [createdAtS: number, seq: number] | undefined {
  return statement('select created_at_s, seq from vanished_row where tenant_id = ? and list = ? and id = ?')
    .raw()
    .get(tenantId, list, id) as [number, number] | undefined;
}
