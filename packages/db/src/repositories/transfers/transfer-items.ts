import type { Attributes } from '@espejo/core';
import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { transferItem } from '../../schema/index.ts';

type Row = typeof transferItem.$inferSelect;
export type TransferItemState = Row['state'];
export interface TransferItemRecord extends Omit<Row, 'tenantId' | 'transferId' | 'attributes' | 'partIds'> {
  readonly attributes: Attributes;
  readonly partIds: readonly string[] | null;
}
export type NewTransferItem = Pick<
  TransferItemRecord,
  'sourceFileId' | 'filename' | 'attributes' | 'maxTokens' | 'overlapTokens' | 'state' | 'reason'
>;
export type TransferItemPatch = Partial<
  Pick<
    TransferItemRecord,
    'state' | 'uploadId' | 'partIds' | 'completingSinceS' | 'targetFileId' | 'missingSinceMs' | 'reason'
  >
>;
export type TransferItemCounts = Readonly<Record<TransferItemState, number>>;

/** Rows per statement: each has some ten values. */
const INSERT_ROWS = 500;

/** The files of transfers. */
export function createTransferItemRepository({ orm, statement }: Handle) {
  const of = (tenantId: string, transferId: string) =>
    and(eq(transferItem.tenantId, tenantId), eq(transferItem.transferId, transferId));
  return {
    /** Inserts the files of a transfer, in this order. */
    async insertAll(tenantId: string, transferId: string, items: readonly NewTransferItem[]): Promise<void> {
      for (let at = 0; at < items.length; at += INSERT_ROWS) {
        await orm.insert(transferItem).values(
          items.slice(at, at + INSERT_ROWS).map((item, i) => ({
            ...item,
            tenantId,
            transferId,
            position: at + i,
            attributes: JSON.stringify(item.attributes),
          })),
        );
      }
    },
    async update(tenantId: string, transferId: string, position: number, patch: TransferItemPatch): Promise<void> {
      const { partIds, ...rest } = patch;
      await orm
        .update(transferItem)
        .set({ ...rest, ...(partIds !== undefined && { partIds: partIds && JSON.stringify(partIds) }) })
        .where(and(of(tenantId, transferId), eq(transferItem.position, position)));
    },
    /** In order, after a position. */
    async list(input: {
      readonly tenantId: string;
      readonly transferId: string;
      readonly states: readonly TransferItemState[] | undefined;
      readonly afterPosition: number;
      readonly limit: number;
    }): Promise<TransferItemRecord[]> {
      const { tenantId, transferId, states, afterPosition, limit } = input;
      const rows = await orm
        .select()
        .from(transferItem)
        .where(
          and(
            of(tenantId, transferId),
            gt(transferItem.position, afterPosition),
            states === undefined ? undefined : inArray(transferItem.state, [...states]),
          ),
        )
        .orderBy(asc(transferItem.position))
        .limit(limit);
      return rows.map(({ tenantId: _, transferId: __, attributes, partIds, ...row }) => ({
        ...row,
        attributes: JSON.parse(attributes) as Attributes,
        partIds: partIds === null ? null : (JSON.parse(partIds) as string[]),
      }));
    },
    async count(tenantId: string, transferId: string): Promise<TransferItemCounts> {
      const rows = statement(
        'select state, count(*) from transfer_item where tenant_id = ? and transfer_id = ? group by state',
      )
        .raw()
        .all(tenantId, transferId) as [TransferItemState, number][];
      const none = {
        pending: 0,
        uploading: 0,
        completing: 0,
        uploaded: 0,
        attached: 0,
        taking_back: 0,
        done: 0,
        failed: 0,
        skipped: 0,
      };
      return { ...none, ...Object.fromEntries(rows) };
    },
    /** Moves every file of one state to another; a file that is retried has its reason cleared. */
    async moveAll(
      tenantId: string,
      transferId: string,
      move: { readonly from: TransferItemState; readonly to: TransferItemState },
    ): Promise<void> {
      await orm
        .update(transferItem)
        .set(move.to === 'pending' ? { state: move.to, reason: null, missingSinceMs: null } : { state: move.to })
        .where(and(of(tenantId, transferId), eq(transferItem.state, move.from)));
    },
    /** Restarts the waits for files that upstream does not find, after a retry was requested. */
    async forgetMissing(tenantId: string, transferId: string): Promise<void> {
      await orm.update(transferItem).set({ missingSinceMs: null }).where(of(tenantId, transferId));
    },
    /** The earliest instant since which a file is missing upstream; null: none is missing. */
    async oldestMissingMs(tenantId: string, transferId: string): Promise<number | null> {
      return statement(
        `select min(missing_since_ms) from transfer_item
          where tenant_id = ? and transfer_id = ? and state in ('uploaded', 'attached')`,
      )
        .pluck()
        .get(tenantId, transferId) as number | null;
    },
    /**
     * Records how the files that a transfer attached to a primary store ended: done, or failed with the reason. Files
     * in progress are left unchanged.
     */
    async settleAdopted(tenantId: string, transferId: string, storeId: string): Promise<void> {
      statement(
        `update transfer_item set state = 'done' where tenant_id = ? and transfer_id = ? and state = 'attached'
           and exists (select 1 from attachment a where a.tenant_id = transfer_item.tenant_id and a.store_id = ?
                         and a.file_id = transfer_item.target_file_id and a.status = 'completed')`,
      ).run(tenantId, transferId, storeId);
      statement(
        `update transfer_item set state = 'failed', reason = coalesce(
             (select json_extract(a.last_error, '$.message') from attachment a where a.tenant_id = transfer_item.tenant_id
                and a.store_id = ? and a.file_id = transfer_item.target_file_id),
             'It was removed from the store before it was indexed.')
          where tenant_id = ? and transfer_id = ? and state = 'attached'
            and not exists (select 1 from attachment a where a.tenant_id = transfer_item.tenant_id and a.store_id = ?
                              and a.file_id = transfer_item.target_file_id and a.status in ('completed', 'in_progress'))`,
      ).run(storeId, tenantId, transferId, storeId);
    },
    /** Whether a transfer made this file. */
    async isTarget(tenantId: string, fileId: string): Promise<boolean> {
      return (
        statement(
          'select 1 from transfer_item indexed by transfer_item_by_target where tenant_id = ? and target_file_id = ? limit 1',
        ).get(tenantId, fileId) !== undefined
      );
    },
    /** For each of these files that is a copy, the file it is a copy of. */
    async sourcesOf(tenantId: string, fileIds: readonly string[]): Promise<Map<string, string>> {
      const rows = statement(
        `select target_file_id, source_file_id from transfer_item indexed by transfer_item_by_target
          where tenant_id = ? and target_file_id in (select value from json_each(?))`,
      )
        .raw()
        .all(tenantId, JSON.stringify(fileIds)) as [string, string][];
      return new Map(rows);
    },
  };
}
