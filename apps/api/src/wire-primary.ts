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
  /** For how long this process has run, by a clock that only counts. */
  readonly uptimeMs: () => number;
  /** Files taken in at a time. */
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
  /** Hears of whatever kept a file from being taken in. */
  readonly onTrouble?: (cause: unknown) => void;
}

/** Primary stores, wired to the adapters they are given. */
export interface Primary {
  readonly deps: PrimaryContext;
  /** Goes on with whatever a stop or a crash left: clean-ups, files on their way, stores to be re-embedded. */
  start(): Promise<void>;
  /** Looks after what time brings: uploads that are over, content nobody has. */
  maintain(): Promise<void>;
  /** In a sentence, what the last sweep of content asks of a person; null: nothing. */
  sweepQuestion(): string | null;
  /** Begins nothing more and waits for what is under way. The adapters are the caller's to close. */
  stop(): Promise<void>;
  /** Resolves when nothing is under way: for tests. */
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
