import { compareStores } from '../../services/parity/compare-stores.ts';
import { getParityRun, listParityRuns } from '../../services/parity/list-parity-runs.ts';
import type { Services } from '../../services/services.ts';
import { cancelTransfer, finishTransfer, retryTransfer } from '../../services/transfers/control-transfer.ts';
import { findTransfer } from '../../services/transfers/find-transfer.ts';
import { listTransferItems, listTransfers } from '../../services/transfers/list-transfers.ts';
import { previewTransfer } from '../../services/transfers/plan-transfer.ts';
import { presentTransfer } from '../../services/transfers/present-transfer.ts';
import { startTransfer } from '../../services/transfers/start-transfer.ts';
import type { ConsoleHandlers } from './handler-types.ts';

type TransferOperation =
  | 'previewTransfer'
  | 'startTransfer'
  | 'listTransfers'
  | 'getTransfer'
  | 'listTransferItems'
  | 'retryTransfer'
  | 'finishTransfer'
  | 'cancelTransfer'
  | 'compareStores'
  | 'listParityRuns'
  | 'getParityRun';

/** Handlers of transfers and of store comparisons. */
export function createTransferHandlers(services: Services): Pick<ConsoleHandlers, TransferOperation> {
  return {
    previewTransfer: ({ tenantId, params, query }) =>
      previewTransfer(services, { tenantId, wish: { ...query, storeId: params.id } }),
    startTransfer: ({ by, body }) => startTransfer(services, { by, body }),
    listTransfers: ({ tenantId, query }) => listTransfers(services, { tenantId, query }),
    getTransfer: async ({ tenantId, params }) =>
      presentTransfer(services, await findTransfer(services.db.read, tenantId, params.id)),
    listTransferItems: ({ tenantId, params, query }) =>
      listTransferItems(services, { tenantId, transferId: params.id, query }),
    retryTransfer: ({ by, params }) => retryTransfer(services, { by, id: params.id }),
    finishTransfer: ({ by, params }) => finishTransfer(services, { by, id: params.id }),
    cancelTransfer: ({ by, params }) => cancelTransfer(services, { by, id: params.id }),
    compareStores: ({ by, body }) => compareStores(services, { by, body }),
    listParityRuns: ({ tenantId, query }) => listParityRuns(services, { tenantId, query }),
    getParityRun: ({ tenantId, params }) => getParityRun(services, { tenantId, id: params.id }),
  };
}
