import type { ConnectionRow } from '@espejo/db';
import type { UpstreamDeleter, UpstreamPort, UpstreamPublisher } from '@espejo/upstream';
import type { PrimaryDeps } from '../ingestion/content-deps.ts';
import type { SearchDeps } from '../search/search-deps.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import type { VectorStoreDeps } from '../vector-stores/vector-store-deps.ts';
import type { TransferWorkers } from './transfer-workers.ts';

export interface TransferDeps
  extends PrimaryDeps,
    Pick<SearchDeps, 'searcherFor'>,
    Pick<SyncDeps, 'owner' | 'settings'>,
    VectorStoreDeps {
  readonly upstreamFor: (connection: ConnectionRow) => UpstreamPort;
  readonly deleterFor: (connection: ConnectionRow) => UpstreamDeleter;
  readonly publisherFor: (connection: ConnectionRow) => UpstreamPublisher;
  readonly transferWorkers: TransferWorkers;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Has a connection synced soon, so that what was made upstream shows up here. */
  readonly syncSoon: (tenantId: string, connectionId: string) => Promise<void>;
}
