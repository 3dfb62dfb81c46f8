import type { Database } from '@espejo/db';
import type { BlobStore, Parser, VectorIndex } from '@espejo/retrieval';
import type { Clock, Log, RandomHex } from './ports.ts';
import type { PrimaryDeps } from './services/ingestion/content-deps.ts';
import type { DeriveDeps } from './services/ingestion/derive-chunks.ts';
import { createDiskDerivedCache } from './services/ingestion/derived-cache.ts';
import type { Embedders } from './services/ingestion/embedders.ts';
import { createIngestionHub } from './services/ingestion/ingestion-hub.ts';
import { createIngestionWorkers } from './services/ingestion/ingestion-workers.ts';
import { createLocalWork } from './services/ingestion/local-work.ts';
import { createReembedding } from './services/ingestion/reembedding.ts';
import { runMaintenance } from './services/ingestion/run-maintenance.ts';
import { createKeyedMutex } from './services/keyed-mutex.ts';
import type { TenantIds } from './services/tenant-ids.ts';

export interface PrimaryOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly randomHex: RandomHex;
  readonly log: Log;
  readonly owner: string;
  readonly tenantIds: TenantIds;
  readonly leaseTtlMs: number;
  readonly random: () => number;
  /** Files taken in at a time. */
  readonly concurrency: number;
  readonly folders: { readonly derived: string };
  readonly blobs: BlobStore;
  readonly index: VectorIndex;
  readonly parser: Parser;
  readonly chunk: DeriveDeps['chunk'];
  readonly embedders: Embedders;
  /** Hears of whatever kept a file from being taken in. */
  readonly onTrouble?: (cause: unknown) => void;
}

/** Primary stores, wired to the adapters they are given. */
export interface Primary {
  readonly deps: PrimaryDeps;
  /** Goes on with whatever a stop or a crash left: clean-ups, files on their way, stores to be re-embedded. */
  start(): Promise<void>;
  /** Looks after what time brings: uploads that are over, content nobody has. */
  maintain(): Promise<void>;
  /** Begins nothing more and waits for what is under way. The adapters are the caller's to close. */
  stop(): Promise<void>;
  /** Resolves when nothing is under way: for tests. */
  idle(): Promise<void>;
}

export function wirePrimary(options: PrimaryOptions): Primary {
  const { db, clock, randomHex, log, blobs, index, embedders, tenantIds } = options;
  const derived = createDiskDerivedCache(options.folders.derived);
  const blobGate = createKeyedMutex();
  const indexGate = createKeyedMutex();
  const forgetDerived = derived.forget;
  const localWork = createLocalWork({ db, blobs, blobGate, index, indexGate, embedders, log, forgetDerived });
  const ingestionHub = createIngestionHub();
  const shutdown = new AbortController();
  const reembedding = createReembedding(() => ({ db, clock, log, index, indexGate, embedders, localWork }), {
    tenantIds,
    signal: shutdown.signal,
    onDone: () => ingestion.kick(),
  });
  const ingestion = createIngestionWorkers(
    () => ({
      ...deps,
      parser: options.parser,
      chunk: options.chunk,
      derived,
      deriveGate,
    }),
    { ...options, onStale: reembedding.kick },
  );
  const deriveGate = createKeyedMutex();
  const deps: PrimaryDeps = {
    db,
    clock,
    randomHex,
    log,
    blobs,
    blobGate,
    localWork,
    index,
    indexGate,
    embedders,
    ingestion,
    ingestionHub,
  };
  return {
    deps,
    async start() {
      for (const tenantId of await tenantIds()) await localWork.perform(tenantId);
      await ingestion.start();
      reembedding.kick();
    },
    maintain: () => runMaintenance({ ...deps, derived }, { tenantIds, signal: shutdown.signal }),
    async stop() {
      shutdown.abort(new Error('Espejo is stopping.'));
      await Promise.all([ingestion.stop(), reembedding.idle()]);
    },
    async idle() {
      await reembedding.idle();
      await ingestion.idle();
    },
  };
}
