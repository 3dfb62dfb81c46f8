import { inArray } from 'drizzle-orm';
import type { Handle } from '../connect.ts';
import { vectorStore } from '../schema/index.ts';
import { FILE_COLUMNS, type FileRecord, type FileTuple, toFileRecord } from './files/file-list.ts';
import { vanishedKey } from './sync/vanished-rows.ts';
import { TRASHED } from './vector-stores/trash.ts';
import { toRecord, type VectorStoreRecord } from './vector-stores/vector-stores.ts';

export interface WirePageInput {
  readonly tenantId: string;
  readonly order: 'asc' | 'desc';
  /** Ids of the rows around the page, which are not part of it. */
  readonly after: string | null;
  readonly before: string | null;
  readonly limit: number;
}

export interface WirePage<T> {
  readonly rows: T[];
  readonly hasMore: boolean;
}

type Key = readonly [createdAtS: number, seq: number];

/**
 * Lists as OpenAI pages them: by second of creation, then in order of insertion. A cursor may name a row that was
 * deleted within the last day. Undefined: an id that never was in the list.
 */
export function createOpenAiListRepository(handle: Handle) {
  const { orm, statement } = handle;
  function page<R extends readonly unknown[]>(
    table: 'vector_store' | 'file',
    columns: string,
    where: { readonly terms: string; readonly values: readonly (string | number)[]; readonly ids?: readonly string[] },
    { tenantId, order, after, before, limit }: WirePageInput,
  ): WirePage<R> | undefined {
    const terms = ['f.tenant_id = ?', where.terms];
    const values: (string | number)[] = [tenantId, ...where.values];
    for (const [id, isAfter] of [
      [after, true],
      [before, false],
    ] as const) {
      if (id === null) continue;
      // An id outside of the visible ones cannot be a cursor.
      if (where.ids?.includes(id) === false) return undefined;
      const key = statement(`select created_at_s, seq from ${table} where tenant_id = ? and id = ?`)
        .raw()
        .get(tenantId, id) as Key | undefined;
      const place = key ?? vanishedKey(handle, { tenantId, list: table, id });
      if (place === undefined) return undefined;
      terms.push(`(f.created_at_s, f.seq) ${isAfter === (order === 'asc') ? '>' : '<'} (?, ?)`);
      values.push(...place);
    }
    // With `before` alone the rows nearest to it are returned, in the requested order.
    const isBackward = before !== null && after === null;
    const direction = isBackward === (order === 'asc') ? 'desc' : 'asc';
    const found = statement(
      `select ${columns} from ${table} f where ${terms.join(' and ')}
        order by f.created_at_s ${direction}, f.seq ${direction} limit ?`,
    )
      .raw()
      .all(...values, limit + 1) as R[];
    const rows = found.slice(0, limit);
    return { rows: isBackward ? rows.reverse() : rows, hasMore: found.length > limit };
  }
  return {
    /** Stores of both kinds, of these ids or all, without those in the trash. */
    async stores(
      input: WirePageInput & { readonly ids?: readonly string[] | undefined },
    ): Promise<WirePage<VectorStoreRecord> | undefined> {
      const { ids } = input;
      const where =
        ids === undefined
          ? { terms: 'f.status <> ?', values: [TRASHED] }
          : {
              terms: 'f.status <> ? and f.id in (select value from json_each(?))',
              values: [TRASHED, JSON.stringify(ids)],
              ids,
            };
      const found = page<[number]>('vector_store', 'f.seq', where, input);
      if (found === undefined) return undefined;
      const seqs = found.rows.map(([seq]) => seq);
      const rows = await orm.select().from(vectorStore).where(inArray(vectorStore.seq, seqs));
      const bySeq = new Map(rows.map((row) => [row.seq, toRecord(row)]));
      return { rows: seqs.flatMap((seq) => bySeq.get(seq) ?? []), hasMore: found.hasMore };
    },
    /** Files of both kinds, of one purpose or of all, without expired primary files. */
    async files(
      input: WirePageInput & { readonly purpose: string | null; readonly nowS: number },
    ): Promise<WirePage<FileRecord> | undefined> {
      const alive = '(f.connection_id is not null or f.expires_at_s is null or f.expires_at_s > ?)';
      const where =
        input.purpose === null
          ? { terms: alive, values: [input.nowS] }
          : { terms: `${alive} and f.purpose = ?`, values: [input.nowS, input.purpose] };
      const found = page<FileTuple>('file', FILE_COLUMNS, where, input);
      return found && { rows: found.rows.map(toFileRecord), hasMore: found.hasMore };
    },
  };
}
