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
 * The ports of the services: everything outside them that they read, write, call or wake. A service takes a `Pick` of
 * it, so its signature says what it uses. `wire.ts` builds it once.
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
  /** The holder id of this process in leases. */
  readonly owner: string;

  // Upstream: one adapter per connection while its settings stay the same, so that rate limits are shared.
  readonly upstreamFor: (connection: ConnectionRow) => UpstreamPort;
  readonly searcherFor: (connection: ConnectionRow) => UpstreamSearcher;
  /** Given to deletions and transfers only: no other code can delete anything upstream. */
  readonly deleterFor: (connection: ConnectionRow) => UpstreamDeleter;
  readonly publisherFor: (connection: ConnectionRow) => UpstreamPublisher;
  /** A new adapter for settings that are not saved; tests pass a fake here. */
  readonly createUpstream: (tenantId: string, options: UpstreamOptions) => UpstreamPort;
  /**
   * Whether a tenant sees how a request failed on the network; other tenants see the same error for every failure
   * there.
   */
  readonly isNetworkTold: (tenantId: string) => boolean;

  // Sync
  readonly settings: SyncSettings;
  readonly active: ActiveRuns;
  readonly hub: RunHub;
  readonly scheduler: Scheduler;
  /** The name for logs of a connection without one. */
  readonly defaults: { readonly syncCron: string; readonly removalGraceS: number };
  /** Schedules a sync of a connection soon, so that what was created upstream shows up here. */
  readonly syncSoon: (tenantId: string, connectionId: string) => Promise<void>;

  // Deletions and transfers
  readonly deletionHub: DeletionHub;
  readonly deletionWorkers: DeletionQueue;
  readonly transferWorkers: TransferQueue;
  /** A file in no store that is younger than this may be about to be attached, and is no orphan yet. */
  readonly orphanGraceS: number;
  readonly ratesOf: (tenantId: string) => Promise<StorageRates>;
  readonly expiry: ExpirySettings;

  // Bytes
  readonly blobs: BlobStore;
  /** Locks by sha256: recording content and removing unreferenced content are serialised. */
  readonly blobGate: KeyedMutex;
  readonly disk: DiskRoom;
  readonly incoming: IncomingBytes;
  /** Locks by tenant: one upload is assembled at a time, so that only one copy of its bytes is on the disk. */
  readonly assemblyGate: KeyedMutex;

  // Primary stores
  readonly localWork: Outbox;
  readonly index: StoreIndex;
  /** Locks by store: writers of a store's index read the database first and write then, one at a time. */
  readonly indexGate: KeyedMutex<StoreKey>;
  readonly embedders: Embedders;
  readonly ingestion: IngestionQueue;
  readonly ingestionHub: IngestionHub;
  readonly searchLimiter: { take(tenantId: string): Promise<void> };
}

/** Ports of the services that read and change rows. */
export type RecordContext = Pick<AppContext, 'db' | 'clock'>;

/** Ports of the store services. */
export type VectorStoreContext = Pick<AppContext, 'db' | 'clock' | 'expiry'>;

/** Ports of the services that receive and return bytes. */
export type ContentContext = Pick<
  AppContext,
  'db' | 'clock' | 'randomHex' | 'log' | 'blobs' | 'blobGate' | 'localWork' | 'disk' | 'incoming' | 'assemblyGate'
>;

/** Ports of the services of primary stores. */
export type PrimaryContext = ContentContext &
  Pick<AppContext, 'index' | 'indexGate' | 'embedders' | 'ingestion' | 'ingestionHub'>;

/** Ports of searches. */
export type SearchContext = Pick<AppContext, 'db' | 'clock' | 'index' | 'embedders' | 'searchLimiter' | 'searcherFor'>;

/** Ports of the sync services. */
export type SyncContext = Pick<
  AppContext,
  'db' | 'clock' | 'randomHex' | 'log' | 'settings' | 'hub' | 'upstreamFor' | 'owner' | 'active' | 'disk'
>;

/** Ports of the connection services. */
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

/** Ports of the deletion workers. */
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

/** Ports of the deletion services. */
export type DeletionContext = DeletionWorkContext & Pick<AppContext, 'deletionWorkers'>;

/** Ports of the expiry of primary stores: it purges through the deletion ledger, like every deletion. */
export type ExpiryContext = DeletionContext & Pick<AppContext, 'expiry'>;

/** Ports of the transfer workers. */
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

/** Ports of the transfer services. */
export type TransferContext = TransferWorkContext & Pick<AppContext, 'transferWorkers'>;
