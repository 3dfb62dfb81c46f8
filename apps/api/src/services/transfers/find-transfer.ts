import { AppError } from '@espejo/core';
import type { Repositories, TransferRow } from '@espejo/db';

/** Throws `transfer_not_found`. */
export async function findTransfer(
  read: Pick<Repositories, 'transfers'>,
  tenantId: string,
  id: string,
): Promise<TransferRow> {
  const row = await read.transfers.find(tenantId, id);
  if (row === undefined) throw new AppError('transfer_not_found', `There is no transfer with id '${id}'.`);
  return row;
}
