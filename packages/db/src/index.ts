export { type AuthStore, createAuthStore } from './auth-store.ts';
export {
  copyDatabase,
  type DatabaseReport,
  type IndexedFile,
  inspectDatabase,
  isDatabaseInUse,
  listContent,
  listIndexedFileIds,
} from './copy-database.ts';
export {
  type Database,
  FULL_DURABILITY,
  type OpenDatabaseOptions,
  openDatabase,
  type TransactionOptions,
} from './database.ts';
export { exclusiveTransaction } from './exclusive-transaction.ts';
export {
  type ControlDatabaseReport,
  inspectControlDatabase,
  inspectDatabaseLog,
} from './inspect-control-database.ts';
export { knownMigrationCount, MigrationsMissing, NewerDatabase } from './known-migrations.ts';
export type { SessionRecord, SessionRow, UserRow } from './repositories/accounts/accounts.ts';
export type { ApiKeyRow } from './repositories/accounts/api-keys.ts';
export type { InvitationRow, MemberRecord, MemberRow, StoreGrantRow } from './repositories/accounts/people.ts';
export type { AgentBinding, AgentBindingRecord, AgentRecord } from './repositories/agents/agents.ts';
export type { AttachmentPageInput, AttachmentRecord } from './repositories/attachments/attachment-list.ts';
export type { AttachmentStatus } from './repositories/attachments/attachment-status.ts';
export type { MirroredAttachment, StoreFileKey, StoreFileRecord } from './repositories/attachments/attachments.ts';
export type { FileBatchRecord } from './repositories/attachments/file-batches.ts';
export type { IngestionError, IngestionOutcome } from './repositories/attachments/primary-attachments.ts';
export type { AuditEntry, AuditFilter, AuditRecord } from './repositories/audit.ts';
export type {
  DeletionStepRecord,
  NewDeletionStep,
  StepCounts,
  StepsDone,
  UnfinishedDeletion,
} from './repositories/deletions/deletion-steps.ts';
export type { DeletionPatch, DeletionPlanRow, DeletionRow } from './repositories/deletions/deletions.ts';
export type { DebtRow, DebtScope } from './repositories/deletions/storage-debt.ts';
export type { FileAttachment, FileKey, FileRecord, FileSort } from './repositories/files/file-list.ts';
export type { MirroredFile } from './repositories/files/files.ts';
export type { NewOwnFile } from './repositories/files/primary-files.ts';
export type { UploadPartRow, UploadRow } from './repositories/files/uploads.ts';
export type { Repositories } from './repositories/index.ts';
export type { EmbeddingModelRecord } from './repositories/ingestion/embedding-models.ts';
export type { IngestionClaim } from './repositories/ingestion/ingestion-queue.ts';
export type { LocalTask, LocalTaskRecord } from './repositories/ingestion/local-tasks.ts';
export type { PlanRecord, TenantPlanRecord } from './repositories/limits/plans.ts';
export type { ConnectionPatch, ConnectionRow } from './repositories/sync/connections.ts';
export type { Lease, LeaseState } from './repositories/sync/leases.ts';
export type { KnownStore, MirroredStore } from './repositories/sync/mirror-stores.ts';
export type { StorageSnapshotRow } from './repositories/sync/storage-snapshots.ts';
export type { ChangeAction, ChangedFileIds, SyncChangeRecord } from './repositories/sync/sync-changes.ts';
export type { RemovalItem } from './repositories/sync/sync-removals.ts';
export type { SyncRunPatch, SyncRunRecord, SyncRunRow, SyncRunStatus } from './repositories/sync/sync-runs.ts';
export type { ParityHit, ParityQuery, ParityRunRecord } from './repositories/transfers/parity-runs.ts';
export type {
  NewTransferItem,
  TransferItemCounts,
  TransferItemPatch,
  TransferItemRecord,
  TransferItemState,
} from './repositories/transfers/transfer-items.ts';
export type { TransferPatch, TransferRow } from './repositories/transfers/transfers.ts';
export type { DueStore } from './repositories/vector-stores/store-expiry.ts';
export type { ExpiringFilter, FacetCount, StoreFilter } from './repositories/vector-stores/store-filter.ts';
export { TRASHED } from './repositories/vector-stores/trash.ts';
export type { StoreKey, StoreSort } from './repositories/vector-stores/vector-store-list.ts';
export type { VectorStoreEdit, VectorStoreRecord } from './repositories/vector-stores/vector-stores.ts';
