import type { Handle } from '../connect.ts';
import { createAccountRepository } from './accounts.ts';
import { createAgentRepository } from './agents.ts';
import { createApiKeyRepository } from './api-keys.ts';
import { createAttachmentListRepository } from './attachment-list.ts';
import { createAttachmentRepository } from './attachments.ts';
import { createAuditRepository } from './audit.ts';
import { createConnectionRepository } from './connections.ts';
import { createDeletionStepRepository } from './deletion-steps.ts';
import { createDeletionRepository } from './deletions.ts';
import { createEmbeddingModelRepository } from './embedding-models.ts';
import { createFileBatchRepository } from './file-batches.ts';
import { createFileListRepository } from './file-list.ts';
import { createFileRepository } from './files.ts';
import { createIngestionQueueRepository } from './ingestion-queue.ts';
import { createLeaseRepository } from './leases.ts';
import { createLocalTaskRepository } from './local-tasks.ts';
import { createMembershipRepository } from './membership.ts';
import { createMirrorPermitRepository } from './mirror-permits.ts';
import { createMirrorStoreRepository } from './mirror-stores.ts';
import { createOwnAttachmentRepository } from './own-attachments.ts';
import { createOwnFileRepository } from './own-files.ts';
import { createOwnStoreRepository } from './own-stores.ts';
import { createParityRunRepository } from './parity-runs.ts';
import { createPeopleRepository } from './people.ts';
import { createPlanRepository } from './plans.ts';
import { createSettingRepository } from './settings.ts';
import { createStorageDebtRepository } from './storage-debt.ts';
import { createStoreExpiryRepository } from './store-expiry.ts';
import { createSyncChangeRepository } from './sync-changes.ts';
import { createSyncRemovalRepository } from './sync-removals.ts';
import { createSyncRunRepository } from './sync-runs.ts';
import { createTenantRepository } from './tenants.ts';
import { createTransferItemRepository } from './transfer-items.ts';
import { createTransferRepository } from './transfers.ts';
import { createTrashRepository } from './trash.ts';
import { createUploadRepository } from './uploads.ts';
import { createUsageCounterRepository } from './usage-counters.ts';
import { createVectorStoreListRepository } from './vector-store-list.ts';
import { createVectorStoreRepository } from './vector-stores.ts';
import { createWireListRepository } from './wire-list.ts';

/** Every repository on one connection. All are asynchronous and say nothing of SQLite, so another database can stand behind them. */
export function createRepositories(handle: Handle) {
  return {
    tenants: createTenantRepository(handle),
    connections: createConnectionRepository(handle),
    vectorStores: createVectorStoreRepository(handle),
    vectorStoreList: createVectorStoreListRepository(handle),
    mirrorStores: createMirrorStoreRepository(handle),
    attachments: createAttachmentRepository(handle),
    files: createFileRepository(handle),
    fileList: createFileListRepository(handle),
    syncRuns: createSyncRunRepository(handle),
    syncChanges: createSyncChangeRepository(handle),
    syncRemovals: createSyncRemovalRepository(handle),
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
    ownStores: createOwnStoreRepository(handle),
    uploads: createUploadRepository(handle),
    ownFiles: createOwnFileRepository(handle),
    ownAttachments: createOwnAttachmentRepository(handle),
    localTasks: createLocalTaskRepository(handle),
    ingestionQueue: createIngestionQueueRepository(handle),
    fileBatches: createFileBatchRepository(handle),
    embeddingModels: createEmbeddingModelRepository(handle),
    attachmentList: createAttachmentListRepository(handle),
    wireList: createWireListRepository(handle),
    transfers: createTransferRepository(handle),
    transferItems: createTransferItemRepository(handle),
    parityRuns: createParityRunRepository(handle),
    apiKeys: createApiKeyRepository(handle),
    agents: createAgentRepository(handle),
    plans: createPlanRepository(handle),
    usageCounters: createUsageCounterRepository(handle),
    accounts: createAccountRepository(handle),
    people: createPeopleRepository(handle),
  };
}

export type Repositories = ReturnType<typeof createRepositories>;
