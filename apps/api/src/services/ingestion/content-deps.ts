import type { Database } from '@espejo/db';
import type { BlobStore, VectorIndex } from '@espejo/retrieval';
import type { Clock, Log, RandomHex } from '../../ports.ts';
import type { KeyedMutex } from '../keyed-mutex.ts';
import type { Embedders } from './embedders.ts';
import type { IngestionHub } from './ingestion-hub.ts';
import type { IngestionWorkers } from './ingestion-workers.ts';
import type { LocalWork } from './local-work.ts';

/** What the verbs that take bytes in and hand them out share. */
export interface ContentDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly randomHex: RandomHex;
  readonly log: Log;
  readonly blobs: BlobStore;
  /** By sha256: content is put on record, or removed because it is on none, one at a time. */
  readonly blobGate: KeyedMutex;
  readonly localWork: LocalWork;
}

/** What the verbs of primary stores share. */
export interface PrimaryDeps extends ContentDeps {
  readonly index: VectorIndex;
  /** By store id: whoever writes into a store's index looks at the record first and writes then, one at a time. */
  readonly indexGate: KeyedMutex;
  readonly embedders: Embedders;
  readonly ingestion: IngestionWorkers;
  readonly ingestionHub: IngestionHub;
}
