import { LIMITS } from '@espejo/contracts';
import { listAudit } from '../../services/audit/list-audit.ts';
import { createConnection } from '../../services/connections/create-connection.ts';
import { nextTicks, requireCron } from '../../services/connections/cron.ts';
import { deleteConnection } from '../../services/connections/delete-connection.ts';
import { getConnection, listConnections } from '../../services/connections/get-connection.ts';
import { testConnection, testNewConnection } from '../../services/connections/test-connection.ts';
import { updateConnection } from '../../services/connections/update-connection.ts';
import { listDeletionSteps, listDeletions } from '../../services/deletion/list-deletions.ts';
import { planDeletion } from '../../services/deletion/plan/plan-deletion.ts';
import { readDeletionRequest } from '../../services/deletion/plan/rest-of-deletion.ts';
import { presentDeletion } from '../../services/deletion/present-deletion.ts';
import { cancelDeletion, retryDeletion } from '../../services/deletion/retry-deletion.ts';
import { startDeletion } from '../../services/deletion/start-deletion.ts';
import { convertExpiry } from '../../services/expiry/convert-expiry.ts';
import { getFile, listFiles } from '../../services/files/list-files.ts';
import { getOverview } from '../../services/overview/get-overview.ts';
import type { Services } from '../../services/services.ts';
import { getSettings, updateSettings } from '../../services/settings/settings.ts';
import { getStatus } from '../../services/status/get-status.ts';
import { getStorageDebt } from '../../services/storage-debt/get-storage-debt.ts';
import { approveSyncRun } from '../../services/sync/run/approve-sync-run.ts';
import { cancelSyncRun } from '../../services/sync/run/cancel-sync-run.ts';
import { getSyncRun } from '../../services/sync/run/get-sync-run.ts';
import { listSyncRunChanges, listSyncRuns } from '../../services/sync/run/list-sync-runs.ts';
import { startSyncRun } from '../../services/sync/run/start-sync-run.ts';
import { createVectorStore } from '../../services/vector-stores/create-vector-store.ts';
import { extendVectorStores } from '../../services/vector-stores/extend-vector-stores.ts';
import { describeVectorStore, getVectorStore } from '../../services/vector-stores/get-vector-store.ts';
import { listStoreFiles } from '../../services/vector-stores/list-store-files.ts';
import { listStoreHistory } from '../../services/vector-stores/list-store-history.ts';
import { countVectorStoreFacets, listVectorStores } from '../../services/vector-stores/list-vector-stores.ts';
import { restoreVectorStore } from '../../services/vector-stores/restore-vector-store.ts';
import { updateVectorStore } from '../../services/vector-stores/update-vector-store.ts';
import { createAccountHandlers } from './account-handlers.ts';
import { createAgentHandlers } from './agent-handlers.ts';
import { createApiKeyHandlers } from './api-key-handlers.ts';
import type { ConsoleHandlers } from './handler-types.ts';
import { createPeopleHandlers } from './people-handlers.ts';
import { createPrimaryHandlers } from './primary-handlers.ts';
import { createQuotaHandlers } from './quota-handlers.ts';
import { createTransferHandlers } from './transfer-handlers.ts';

/** One handler per operation: it gets parsed input, calls its service and returns the result to be rendered. */
export function createConsoleHandlers(services: Services): ConsoleHandlers {
  return {
    listAuditEvents: ({ tenantId, query }) => listAudit(services, { tenantId, query }),
    getStatus: ({ tenantId }) => getStatus(services, { tenantId }),

    listVectorStores: ({ tenantId, principal, query }) =>
      listVectorStores(services, { tenantId, storeIds: principal.storeIds, query }),
    getVectorStoreFacets: ({ tenantId, principal, query }) =>
      countVectorStoreFacets(services, { tenantId, storeIds: principal.storeIds, query }),
    getVectorStore: ({ tenantId, params }) => getVectorStore(services, { tenantId, id: params.id }),
    updateVectorStore: async ({ by, params, body }) =>
      describeVectorStore(services, await updateVectorStore(services, { by, id: params.id, edit: body })),
    listVectorStoreFiles: ({ tenantId, params, query }) => listStoreFiles(services, { tenantId, id: params.id, query }),
    listVectorStoreHistory: ({ tenantId, params, query }) =>
      listStoreHistory(services, { tenantId, id: params.id, limit: query.limit, cursor: query.cursor }),

    createVectorStore: async ({ by, body }) =>
      describeVectorStore(services, await createVectorStore(services, { by, fields: body })),
    restoreVectorStore: async ({ by, params }) =>
      describeVectorStore(services, await restoreVectorStore(services, { by, id: params.id })),

    extendVectorStores: ({ by, body }) => extendVectorStores(services, { by, body, itemsMax: LIMITS.bulkItemsMax }),
    convertExpiry: async ({ body }) => convertExpiry(services, { body }),

    ...createPrimaryHandlers(services),
    ...createTransferHandlers(services),
    ...createApiKeyHandlers(services),
    ...createAgentHandlers(services),
    ...createQuotaHandlers(services),
    ...createAccountHandlers(services),
    ...createPeopleHandlers(services),

    planDeletion: async ({ by, body }) =>
      planDeletion(services, { by, request: await readDeletionRequest(services, by.tenantId, body) }),
    startDeletion: ({ by, principal, body }) =>
      startDeletion(services, {
        by,
        planHash: body.planHash,
        trigger: principal.isPerson ? 'person' : 'api',
      }),
    listDeletions: ({ tenantId, query }) => listDeletions(services, { tenantId, query }),
    getDeletion: ({ tenantId, params }) => presentDeletion(services, tenantId, params.id),
    listDeletionSteps: ({ tenantId, params, query }) =>
      listDeletionSteps(services, { tenantId, deletionId: params.id, query }),
    retryDeletion: ({ by, params }) => retryDeletion(services, { by, id: params.id }),
    cancelDeletion: ({ by, params }) => cancelDeletion(services, { by, id: params.id }),

    getOverview: ({ tenantId }) => getOverview(services, { tenantId }),
    getStorageDebt: ({ tenantId, query }) =>
      getStorageDebt(services, { tenantId, connectionId: query.connectionId || undefined }),
    getSettings: ({ tenantId }) => getSettings(services, { tenantId }),
    updateSettings: ({ by, body }) => updateSettings(services, { by, change: body }),

    listFiles: ({ tenantId, query }) => listFiles(services, { tenantId, query }),
    getFile: ({ tenantId, params }) => getFile(services, { tenantId, id: params.id }),

    startSyncRun: ({ by, body }) =>
      startSyncRun(services, {
        by,
        connectionId: body.connectionId,
        trigger: 'manual',
        isDryRun: body.dryRun,
        isFull: body.full,
      }),
    listSyncRuns: ({ tenantId, query }) => listSyncRuns(services, { tenantId, query }),
    getSyncRun: ({ tenantId, params }) => getSyncRun(services, { tenantId, runId: params.id }),
    listSyncRunChanges: ({ tenantId, params, query }) =>
      listSyncRunChanges(services, {
        tenantId,
        runId: params.id,
        limit: query.limit,
        cursor: query.cursor,
        action: query.action,
      }),
    approveSyncRun: ({ by, params, body }) =>
      approveSyncRun(services, { by, runId: params.id, planHash: body.planHash }),
    cancelSyncRun: ({ by, params }) => cancelSyncRun(services, { by, runId: params.id }),

    listConnections: ({ tenantId }) => listConnections(services, { tenantId }),
    createConnection: ({ by, body }) => createConnection(services, { by, ...body }),
    testNewConnection: ({ by, body }) => testNewConnection(services, { by, ...body }),
    getConnection: ({ tenantId, params }) => getConnection(services, { tenantId, id: params.id }),
    updateConnection: ({ by, params, body }) => updateConnection(services, { by, id: params.id, ...body }),
    deleteConnection: async ({ by, params }) => {
      await deleteConnection(services, { by, id: params.id });
      return null;
    },
    testConnection: ({ by, params }) => testConnection(services, { by, id: params.id }),
    previewCron: async ({ query }) => {
      requireCron(query.expression);
      return { expression: query.expression, nextTicks: nextTicks(query.expression, LIMITS.cronPreviewTicks) };
    },
  };
}
