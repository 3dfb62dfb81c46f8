import type { StorageRates } from '@espejo/core';
import type { ConnectionRow, Database } from '@espejo/db';
import type { BlobStore } from '@espejo/retrieval';
import type {
  UpstreamDeleter,
  UpstreamOptions,
  UpstreamPort,
  UpstreamPublisher,
  UpstreamSearcher,
} from '@espejo/upstream';
import type { Clock, Log, RandomHex } from '../../ports.ts';
import type { SecretBox } from '../../secrets.ts';
import type { DiskRoom } from '../disk/disk-room.ts';
import type { KeyedMutex } from '../keyed-mutex.ts';
import type { Embedders } from '../store-index/embedders.ts';
import type { StoreIndex, StoreKey } from '../store-index/store-key.ts';
import type { ActiveRuns } from './active-runs.ts';
import type { DeletionHub, IngestionHub, RunHub } from './events.ts';
import type { ExpirySettings } from './expiry-settings.ts';
import type { IncomingBytes } from './incoming-bytes.ts';
import type { Outbox } from './outbox.ts';
import type { DeletionQueue, IngestionQueue, TransferQueue } from './queues.ts';
import type { Scheduler } from './scheduler.ts';
import type { SyncSettings } from './sync-settings.ts';

/**
 * The ports of the verbs: everything outside them that they read, write, call or wake. A verb takes a `Pick` of it, so its
 * signature says what it can touch. `wire.ts` builds it once.
 */
export interface AppContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly randomHex: RandomHex;
  readonly log: Log;
  readonly secrets: SecretBox;
  /** Waits, and rejects when the signal aborts; tests pass one that does not wait. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;

  // Leases
  /** Who this process is to leases. */
  readonly owner: string;

  // Upstream: one adapter a connection for as long as its settings do not change, so that pacing is shared.
  readonly upstreamFor: (connection: ConnectionRow) => UpstreamPort;
  readonly searcherFor: (connection: ConnectionRow) => UpstreamSearcher;
  /** Given to deletions and transfers alone: nothing else can destroy anything upstream. */
  readonly deleterFor: (connection: ConnectionRow) => UpstreamDeleter;
  readonly publisherFor: (connection: ConnectionRow) => UpstreamPublisher;
  /** A fresh adapter for settings that are not saved; tests put a fake here. */
  readonly createUpstream: (tenantId: string, options: UpstreamOptions) => UpstreamPort;
  /** Whether a tenant is told how a request failed on the network; to others every failure there is the same. */
  readonly isNetworkTold: (tenantId: string) => boolean;

  // Sync
  readonly settings: SyncSettings;
  readonly active: ActiveRuns;
  readonly hub: RunHub;
  readonly scheduler: Scheduler;
  /** What a connection has that says nothing else. */
  readonly defaults: { readonly syncCron: string; readonly removalGraceS: number };
  /** Has a connection synced soon, so that what was made upstream shows up here. */
  readonly syncSoon: (tenantId: string, connectionId: string) => Promise<void>;

  // Deletions and transfers
  readonly deletionHub: DeletionHub;
  readonly deletionWorkers: DeletionQueue;
  readonly transferWorkers: TransferQueue;
  /** A file in no store that is younger than this may be on its way into one, and is no orphan yet. */
  readonly orphanGraceS: number;
  readonly ratesOf: (tenantId: string) => Promise<StorageRates>;
  readonly expiry: ExpirySettings;

  // Bytes
  readonly blobs: BlobStore;
  /** By sha256: content is put on record, or removed because it is on none, one at a time. */
  readonly blobGate: KeyedMutex;
  readonly disk: DiskRoom;
  readonly incoming: IncomingBytes;
  /** By tenant: one upload in parts is put together at a time, so that only one copy of its bytes is on the disk. */
  readonly assemblyGate: KeyedMutex;

  // Primary stores
  readonly localWork: Outbox;
  readonly index: StoreIndex;
  /** By store: whoever writes into a store's index looks at the record first and writes then, one at a time. */
  readonly indexGate: KeyedMutex<StoreKey>;
  readonly embedders: Embedders;
  readonly ingestion: IngestionQueue;
  readonly ingestionHub: IngestionHub;
  readonly searchLimiter: { take(tenantId: string): Promise<void> };
}

/** Of the verbs that read records and change them. */
export type RecordContext = Pick<AppContext, 'db' | 'clock'>;

/** Of the verbs of stores. */
export type VectorStoreContext = Pick<AppContext, 'db' | 'clock' | 'expiry'>;

/** Of the verbs that take bytes in and hand them out. */
export type ContentContext = Pick<
  AppContext,
  'db' | 'clock' | 'randomHex' | 'log' | 'blobs' | 'blobGate' | 'localWork' | 'disk' | 'incoming' | 'assemblyGate'
>;

/** Of the verbs of primary stores. */
export type PrimaryContext = ContentContext &
  Pick<AppContext, 'index' | 'indexGate' | 'embedders' | 'ingestion' | 'ingestionHub'>;

/** Of searches. */
export type SearchContext = Pick<AppContext, 'db' | 'clock' | 'index' | 'embedders' | 'searchLimiter' | 'searcherFor'>;

/** Of the verbs of the sync. */
export type SyncContext = Pick<
  AppContext,
  'db' | 'clock' | 'randomHex' | 'log' | 'settings' | 'hub' | 'upstreamFor' | 'owner' | 'active' | 'disk'
>;

/** Of the verbs of connections. */
export type ConnectionContext = Pick<
  AppContext,
  | 'db'
  | 'clock'
  | 'randomHex'
  | 'log'
  | 'secrets'
  | 'scheduler'
  | 'active'
  | 'defaults'
  | 'upstreamFor'
  | 'createUpstream'
  | 'isNetworkTold'
>;

/** Of what carries deletions out. */
export type DeletionWorkContext = Pick<
  AppContext,
  | 'db'
  | 'clock'
  | 'randomHex'
  | 'log'
  | 'upstreamFor'
  | 'deleterFor'
  | 'deletionHub'
  | 'owner'
  | 'settings'
  | 'orphanGraceS'
  | 'ratesOf'
  | 'sleep'
> & { readonly localWork: Pick<Outbox, 'perform'> };

/** Of the verbs of deletions. */
export type DeletionContext = DeletionWorkContext & Pick<AppContext, 'deletionWorkers'>;

/** Of the expiry of primary stores: it purges through the deletion ledger, as everything does. */
export type ExpiryContext = DeletionContext & Pick<AppContext, 'expiry'>;

/** Of what carries transfers out. */
export type TransferWorkContext = PrimaryContext &
  Pick<
    AppContext,
    | 'expiry'
    | 'owner'
    | 'settings'
    | 'upstreamFor'
    | 'searcherFor'
    | 'deleterFor'
    | 'publisherFor'
    | 'sleep'
    | 'syncSoon'
  >;

/** Of the verbs of transfers. */
export type TransferContext = TransferWorkContext & Pick<AppContext, 'transferWorkers'>;
