import { z } from 'zod';
import type { TransferWorkContext } from '../context/app-context.ts';
import { decodeCursor, encodeCursor, NUMBER_KEY } from '../cursor.ts';
import { findTransfer } from './find-transfer.ts';
import { presentItem, presentTransfer } from './present-transfer.ts';
import type { TransferItemPage, TransferPage } from './views.ts';

/** Transfers, newest first. */
export async function listTransfers(
  deps: Pick<TransferWorkContext, 'db'>,
  input: {
    readonly tenantId: string;
    readonly query: { limit: number; cursor?: string | undefined; storeId?: string | undefined };
  },
): Promise<TransferPage> {
  const { tenantId, query } = input;
  const list = `transfers:${query.storeId ?? ''}`;
  const key = decodeCursor(query.cursor, list, NUMBER_KEY);
  const { rows, total } = await deps.db.read.transfers.list({
    tenantId,
    storeId: query.storeId,
    after: key === undefined ? undefined : { createdAtMs: key[0], id: key[1] },
    limit: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    data: await Promise.all(page.map((row) => presentTransfer(deps, row))),
    nextCursor:
      rows.length > query.limit && last !== undefined ? encodeCursor(list, [last.createdAtMs, last.id]) : null,
    total,
    asOf: null,
  };
}

/** The files of one transfer, in order. Throws `transfer_not_found`. */
export async function listTransferItems(
  deps: Pick<TransferWorkContext, 'db'>,
  input: {
    readonly tenantId: string;
    readonly transferId: string;
    readonly query: { limit: number; cursor?: string | undefined; state?: 'failed' | 'skipped' | undefined };
  },
): Promise<TransferItemPage> {
  const { tenantId, transferId, query } = input;
  await findTransfer(deps.db.read, tenantId, transferId);
  const list = `transfer-items:${transferId}:${query.state ?? ''}`;
  const key = decodeCursor(query.cursor, list, z.tuple([z.int()]));
  const items = await deps.db.read.transferItems.list({
    tenantId,
    transferId,
    states: query.state === undefined ? undefined : [query.state],
    afterPosition: key?.[0] ?? -1,
    limit: query.limit + 1,
  });
  const counts = await deps.db.read.transferItems.count(tenantId, transferId);
  const page = items.slice(0, query.limit);
  const last = page.at(-1);
  return {
    data: page.map((item) => presentItem(transferId, item)),
    nextCursor: items.length > query.limit && last !== undefined ? encodeCursor(list, [last.position]) : null,
    total:
      query.state === undefined ? Object.values(counts).reduce((sum, count) => sum + count, 0) : counts[query.state],
    asOf: null,
  };
}
