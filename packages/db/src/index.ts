export { type AuthStore, createAuthStore } from './auth-store.ts';
export {
  copyDatabase,
  type DatabaseReport,
  type IndexedFile,
  inspectDatabase,
  isDatabaseInUse,
  knownMigrationCount,
  listContent,
  listIndexedFileIds,
} from './copy-database.ts';
export { type Database, DURABLY, type OpenDatabaseOptions, openDatabase, type TransactionOptions } from './database.ts';
export { exclusiveTransaction } from './exclusive-transaction.ts';
export type { SessionRecord, SessionRow, UserRow } from './repositories/accounts.ts';
export type { AgentBinding, AgentBindingRecord, AgentRecord } from './repositories/agents.ts';
export type { ApiKeyRow } from './repositories/api-keys.ts';
export type { AttachmentPageInput, AttachmentRecord } from './repositories/attachment-list.ts';
export type { MirroredAttachment, StoreFileKey, StoreFileRecord } from './repositories/attachments.ts';
export type { AuditEntry, AuditFilter, AuditRecord } from './repositories/audit.ts';
export type { ConnectionPatch, ConnectionRow } from './repositories/connections.ts';
export type { DeletionStepRecord, NewDeletionStep, StepCounts } from './repositories/deletion-steps.ts';
export type { DeletionPatch, DeletionPlanRow, DeletionRow } from './repositories/deletions.ts';
export type { EmbeddingModelRecord } from './repositories/embedding-models.ts';
export type { FileBatchRecord } from './repositories/file-batches.ts';
export type { FileAttachment, FileKey, FileRecord, FileSort } from './repositories/file-list.ts';
export type { MirroredFile } from './repositories/files.ts';
export type { Repositories } from './repositories/index.ts';
export type { IngestionClaim } from './repositories/ingestion-queue.ts';
export type { Lease, LeaseState } from './repositories/leases.ts';
export type { LocalTask, LocalTaskRecord } from './repositories/local-tasks.ts';
export type { KnownStore, MirroredStore } from './repositories/mirror-stores.ts';
export type { AttachmentStatus, IngestionError, IngestionOutcome } from './repositories/own-attachments.ts';
export type { NewOwnFile } from './repositories/own-files.ts';
export type { ParityHit, ParityQuery, ParityRunRecord } from './repositories/parity-runs.ts';
export type { InvitationRow, MemberRecord, MemberRow, StoreGrantRow } from './repositories/people.ts';
export type { PlanRecord, TenantPlanRecord } from './repositories/plans.ts';
export type { DebtRow, DebtScope } from './repositories/storage-debt.ts';
export type { DueStore } from './repositories/store-expiry.ts';
export type { ExpiringFilter, FacetCount, StoreFilter } from './repositories/store-filter.ts';
export type { ChangeAction, ChangedFileIds, SyncChangeRecord } from './repositories/sync-changes.ts';
export type { RemovalItem } from './repositories/sync-removals.ts';
export type { SyncRunPatch, SyncRunRecord, SyncRunRow, SyncRunStatus } from './repositories/sync-runs.ts';
export type {
  NewTransferItem,
  TransferItemCounts,
  TransferItemPatch,
  TransferItemRecord,
  TransferItemState,
} from './repositories/transfer-items.ts';
export type { TransferPatch, TransferRow } from './repositories/transfers.ts';
export { TRASHED } from './repositories/trash.ts';
export type { UploadPartRow, UploadRow } from './repositories/uploads.ts';
export type { StoreKey, StoreSort } from './repositories/vector-store-list.ts';
export type { VectorStoreEdit, VectorStoreRecord } from './repositories/vector-stores.ts';
