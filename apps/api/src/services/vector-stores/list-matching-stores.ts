import { AppError } from '@espejo/core';
import type { StoreFilter, StoreKey, VectorStoreRecord } from '@espejo/db';
import type { VectorStoreContext } from '../context/app-context.ts';

const PAGE = 1000;

/** Every store that a filter matches now, but for `exceptIds`. Throws `invalid_request` when there are more than one operation may have. */
export async function listMatchingStores(
  deps: Pick<VectorStoreContext, 'db'>,
  input: { tenantId: string; filter: StoreFilter; exceptIds?: readonly string[] | undefined; max: number },
): Promise<VectorStoreRecord[]> {
  const { tenantId, filter, max } = input;
  const except = new Set(input.exceptIds);
  const found: VectorStoreRecord[] = [];
  let after: StoreKey | undefined;
  for (;;) {
    const page = await deps.db.read.vectorStoreList.list({
      tenantId,
      filter,
      sort: 'createdAt',
      order: 'asc',
      after,
      limit: PAGE,
    });
    if (page.total > max) {
      throw new AppError(
        'invalid_request',
        `The filter matches ${page.total} stores; one operation has at most ${max}. Narrow the filter.`,
        { details: { limit: max, value: page.total } },
      );
    }
    found.push(...page.rows.filter(({ id }) => !except.has(id)));
    if (page.next === null) return found;
    after = page.next;
  }
}
