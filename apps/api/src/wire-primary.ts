import type { Database } from '@espejo/db';
import type { BlobStore, Parser } from '@espejo/retrieval';
import { runMaintenance } from './jobs/run-maintenance.ts';
import type { Clock, Log, RandomHex } from './ports.ts';
import type { PrimaryContext } from './services/context/app-context.ts';
import { createIngestionHub } from './services/context/events.ts';
import type { DiskRoom } from './services/disk/disk-room.ts';
import { createIncomingBytes } from './services/incoming/incoming-bytes.ts';
import { createDiskDerivedCache } from './services/ingestion/ingestion-cache.ts';
import { createIngestionWorkers } from './services/ingestion/ingestion-workers.ts';
import { createOutbox } from './services/ingestion/outbox.ts';
import type { DeriveDeps } from './services/ingestion/prepare-chunks.ts';

import { createReadingGate } from './services/ingestion/reading-gate.ts';
import { createReembedding } from './services/ingestion/reembedding.ts';
import { createKeyedMutex } from './services/keyed-mutex.ts';
import type { Embedders } from './services/store-index/embedders.ts';
import type { StoreIndex, StoreKey } from './services/store-index/store-key.ts';
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
  /** How long this process has run, by a monotonic clock. */
  readonly uptimeMs: () => number;
  /** Concurrent ingestions. */
  readonly concurrency: number;
  readonly folders: { readonly derived: string };
  readonly disk: DiskRoom;
  readonly blobs: BlobStore;
  readonly index: StoreIndex;
  readonly parser: Parser;
  readonly chunk: DeriveDeps['chunk'];
  readonly embedders: Embedders;
  /** Called after every clean-up. */
  readonly onMaintained?: () => void;
  /** Called with every error that kept a file from being ingested. */
  readonly onIngestionError?: (cause: unknown) => void;
}

/** The primary stores, wired to the given adapters. */
export interface Primary {
  readonly deps: PrimaryContext;
  /** Resumes what a stop or a crash left: clean-ups, ingestions, stores to be reembedded. */
  start(): Promise<void>;
  /** Periodic maintenance: expired uploads, unreferenced content. */
  maintain(): Promise<void>;
  /** A sentence that says what the last sweep of content needs approved; null: nothing. */
  sweepQuestion(): string | null;
  /** Starts nothing more and waits for work in progress. The caller closes the adapters. */
  stop(): Promise<void>;
  /** Resolves when nothing is running: for tests. */
  idle(): Promise<void>;
}

export function wirePrimary(options: PrimaryOptions): Primary {
  const { db, clock, randomHex, log, blobs, index, embedders, tenantIds, disk } = options;
  const derived = createDiskDerivedCache(options.folders.derived);
  const blobGate = createKeyedMutex();
  const indexGate = createKeyedMutex<StoreKey>();
  const forgetDerived = derived.forget;
  const localWork = createOutbox({ db, blobs, blobGate, index, indexGate, embedders, log, forgetDerived });
  const shutdown = new AbortController();
  const reembedding = createReembedding(
    { db, clock, log, index, indexGate, embedders, localWork },
    { tenantIds, signal: shutdown.signal, onDone: () => ingestion.wake() },
  );
  const work: Omit<PrimaryContext, 'ingestion'> = {
    db,
    clock,
    randomHex,
    log,
    blobs,
    blobGate,
    localWork,
    disk,
    incoming: createIncomingBytes({ db, clock, disk }),
    assemblyGate: createKeyedMutex(),
    index,
    indexGate,
    embedders,
    ingestionHub: createIngestionHub(),
  };
  const ingestion = createIngestionWorkers(
    {
      ...work,
      parser: options.parser,
      chunk: options.chunk,
      derived,
      deriveGate: createKeyedMutex(),
      readingGate: createReadingGate(),
    },
    { ...options, onStale: reembedding.wake },
  );
  const deps: PrimaryContext = { ...work, ingestion };
  let sweepQuestion: string | null = null;
  return {
    deps,
    async start() {
      for (const tenantId of await tenantIds()) await localWork.perform(tenantId);
      await ingestion.start();
      reembedding.wake();
    },
    async maintain() {
      const maintenanceDeps = { ...deps, derived, uptimeMs: options.uptimeMs };
      const sweep = await runMaintenance(maintenanceDeps, { tenantIds, signal: shutdown.signal });
      sweepQuestion = sweep.question;
      options.onMaintained?.();
    },
    sweepQuestion: () => sweepQuestion,
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
