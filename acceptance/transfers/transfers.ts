import type { StartTransferBody, Transfer, TransferItem } from '@espejo/contracts';
import type { Espejo } from '../support/espejo.ts';
import { until } from '../support/sync.ts';

/** Starts a transfer and waits until it has ended or is parked. */
export async function transfer(espejo: Pick<Espejo, 'call'>, body: StartTransferBody): Promise<Transfer> {
  const { id } = await espejo.call('startTransfer', { body });
  return untilStill(espejo, id);
}

export async function untilStill(espejo: Pick<Espejo, 'call'>, id: string): Promise<Transfer> {
  return until(`the end of transfer ${id}`, async () => {
    const found = await espejo.call('getTransfer', { params: { id } });
    return found.status === 'running' ? undefined : found;
  });
}

export async function itemsOf(espejo: Pick<Espejo, 'call'>, id: string): Promise<TransferItem[]> {
  return (await espejo.call('listTransferItems', { params: { id }, query: { limit: 100 } })).data;
}
