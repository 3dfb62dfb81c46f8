import type { Handle } from '../connect.ts';
import { createAccountRepository } from './accounts/accounts.ts';
import { createApiKeyRepository } from './accounts/api-keys.ts';
import { createPeopleRepository } from './accounts/people.ts';
import { createTenantRepository } from './accounts/tenants.ts';
import { createAgentRepository } from './agents/agents.ts';
import { createToolUseRepository } from './agents/tool-uses.ts';
import { createAttachmentListRepository } from './attachments/attachment-list.ts';
import { createAttachmentRepository } from './attachments/attachments.ts';
import { createFileBatchRepository } from './attachments/file-batches.ts';
import { createMembershipRepository } from './attachments/membership.ts';
import { createPrimaryAttachmentRepository } from './attachments/primary-attachments.ts';
import { createAuditRepository } from './audit.ts';
import { createDeletionStepRepository } from './deletions/deletion-steps.ts';
import { createDeletionRepository } from './deletions/deletions.ts';
import { createStorageDebtRepository } from './deletions/storage-debt.ts';
import { createFileListRepository } from './files/file-list.ts';
import { createFileRepository } from './files/files.ts';
import { createPrimaryFileRepository } from './files/primary-files.ts';
import { createUploadRepository } from './files/uploads.ts';
import { createEmbeddingModelRepository } from './ingestion/embedding-models.ts';
import { createIngestionQueueRepository } from './ingestion/ingestion-queue.ts';
import { createLocalTaskRepository } from './ingestion/local-tasks.ts';
import { createInstallationFactRepository } from './installation-facts.ts';
import { createPlanRepository } from './limits/plans.ts';
import { createUsageCounterRepository } from './limits/usage-counters.ts';
import { createOpenAiListRepository } from './openai-list.ts';
import { createSettingRepository } from './settings.ts';
import { createConnectionRepository } from './sync/connections.ts';
import { createLeaseRepository } from './sync/leases.ts';
import { createMirrorPermitRepository } from './sync/mirror-permits.ts';
import { createMirrorStoreRepository } from './sync/mirror-stores.ts';
import { createStorageSnapshotRepository } from './sync/storage-snapshots.ts';
import { createSyncChangeRepository } from './sync/sync-changes.ts';
import { createSyncRemovalRepository } from './sync/sync-removals.ts';
import { createSyncRunRepository } from './sync/sync-runs.ts';
import { createVanishedRowRepository } from './sync/vanished-rows.ts';
import { createParityRunRepository } from './transfers/parity-runs.ts';
import { createTransferItemRepository } from './transfers/transfer-items.ts';
import { createTransferRepository } from './transfers/transfers.ts';
import { createPrimaryStoreRepository } from './vector-stores/primary-stores.ts';
import { createStoreExpiryRepository } from './vector-stores/store-expiry.ts';
import { createTrashRepository } from './vector-stores/trash.ts';
import { createVectorStoreListRepository } from './vector-stores/vector-store-list.ts';
import { createVectorStoreRepository } from './vector-stores/vector-stores.ts';

/**
 * Every repository on one connection. All are asynchronous and expose nothing of SQLite, so that another database could
 * implement them.
 */
export function createRepositories(handle: Handle) {
  return {
    tenants: createTenantRepository(handle),
    connections: createConnectionRepository(handle),
    vectorStores: createVectorStoreRepository(handle),
    vectorStoreList: createVectorStoreListRepository(handle),
    vanishedRows: createVanishedRowRepository(handle),
    mirrorStores: createMirrorStoreRepository(handle),
    attachments: createAttachmentRepository(handle),
    files: createFileRepository(handle),
    fileList: createFileListRepository(handle),
    syncRuns: createSyncRunRepository(handle),
    syncChanges: createSyncChangeRepository(handle),
    syncRemovals: createSyncRemovalRepository(handle),
    storageSnapshots: createStorageSnapshotRepository(handle),
    leases: createLeaseRepository(handle),
    mirrorPermits: createMirrorPermitRepository(handle),
    deletions: createDeletionRepository(handle),
    deletionSteps: createDeletionStepRepository(handle),
    membership: createMembershipRepository(handle),
    audit: createAuditRepository(handle),
    trash: createTrashRepository(handle),
    settings: createSettingRepository(handle),
    storageDebt: createStorageDebtRepository(handle),
    storeExpiry: createStoreExpiryRepository(handle),
    primaryStores: createPrimaryStoreRepository(handle),
    uploads: createUploadRepository(handle),
    primaryFiles: createPrimaryFileRepository(handle),
    primaryAttachments: createPrimaryAttachmentRepository(handle),
    localTasks: createLocalTaskRepository(handle),
    ingestionQueue: createIngestionQueueRepository(handle),
    fileBatches: createFileBatchRepository(handle),
    embeddingModels: createEmbeddingModelRepository(handle),
    attachmentList: createAttachmentListRepository(handle),
    openaiPages: createOpenAiListRepository(handle),
    transfers: createTransferRepository(handle),
    toolUses: createToolUseRepository(handle),
    transferItems: createTransferItemRepository(handle),
    parityRuns: createParityRunRepository(handle),
    apiKeys: createApiKeyRepository(handle),
    agents: createAgentRepository(handle),
    plans: createPlanRepository(handle),
    usageCounters: createUsageCounterRepository(handle),
    accounts: createAccountRepository(handle),
    people: createPeopleRepository(handle),
    installationFacts: createInstallationFactRepository(handle),
  };
}

export type Repositories = ReturnType<typeof createRepositories>;
