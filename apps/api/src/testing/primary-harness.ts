import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '@espejo/db';
import {
  type BlobStore,
  chunkDocument,
  createLexicalEmbedder,
  type Embedder,
  openDiskBlobStore,
  type Parser,
} from '@espejo/retrieval';
import { onTestFinished } from 'vitest';
import { createDiskRoom } from '../services/disk/disk-room.ts';
import { wirePrimary } from '../wire-primary.ts';
import { createMemoryIndex, type MemoryIndex } from './memory-index.ts';
import { createMemoryLog, lineOf } from './memory-log.ts';
import { createTextParser } from './text-parser.ts';

export const TENANT = 'tenant-a';
export const ACTOR = 'tester';
/** 2026-01-15 09:00 UTC. */
export const NOW_MS = Date.UTC(2026, 0, 15, 9);

type Primary = Awaited<ReturnType<typeof wirePrimary>>;

/** The primary stores of one process: a real database and blobs, an index in memory, a clock that stands still. */
export interface PrimaryHarness {
  readonly deps: Primary['deps'] & {
    readonly expiry: { warnAheadS: number; expiredRetentionMs: number; trashRetentionMs: number };
  };
  readonly primary: Primary;
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly index: MemoryIndex;
  readonly folder: string;
  readonly log: string[];
  /** Moves the clock. */
  advance(ms: number): void;
  /** Names of the present blobs, sorted. */
  blobNames(): Promise<string[]>;
  /** Another process on the same data folder, after this one was killed. */
  openAgain(options?: PrimaryHarnessOptions): Promise<PrimaryHarness>;
}

export interface PrimaryHarnessOptions {
  readonly parser?: Parser;
  readonly embedder?: Embedder;
  /** Embedders of models that are still available, by fingerprint. */
  readonly others?: readonly Embedder[];
  readonly concurrency?: number;
  /** Tenants besides the harness's own. */
  readonly otherTenantIds?: readonly string[];
  /** Free bytes of the disk. */
  readonly freeBytes?: () => number;
  /** A wrapper of the blob store by which the tests make it fail. */
  readonly blobs?: (blobs: BlobStore) => BlobStore;
}

/** Opens the harness; it is stopped and its folder removed after the test. */
export async function createPrimaryHarness(options: PrimaryHarnessOptions = {}): Promise<PrimaryHarness> {
  const folder = mkdtempSync(join(tmpdir(), 'espejo-primary-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return open(folder, createMemoryIndex(), { nowMs: NOW_MS, serial: 0, boots: 0 }, options);
}

interface World {
  nowMs: number;
  serial: number;
  boots: number;
}

async function open(
  folder: string,
  index: MemoryIndex,
  world: World,
  options: PrimaryHarnessOptions,
): Promise<PrimaryHarness> {
  const db = openDatabase({ path: join(folder, 'espejo.db') });
  const tenantIds = [TENANT, ...(options.otherTenantIds ?? [])];
  for (const id of tenantIds) {
    await db.transaction((tx) => tx.tenants.ensure({ id, name: 'A', createdAtMs: NOW_MS }));
  }
  world.boots += 1;
  const next = () => {
    world.serial += 1;
    return world.serial;
  };
  const onDisk = await openDiskBlobStore({
    folder: join(folder, 'blobs'),
    newTempName: () => `t${next()}`,
  });
  const blobs = options.blobs?.(onDisk) ?? onDisk;
  const log: string[] = [];
  const current = options.embedder ?? createLexicalEmbedder();
  const primary = await wirePrimary({
    db,
    clock: { nowMs: () => world.nowMs },
    randomHex: (length) => next().toString(16).padStart(length, '0'),
    log: createMemoryLog((entry) => log.push(lineOf(entry))),
    // Another process of this machine that has ended: pids are never this high.
    owner: `${hostname()}/${2 ** 30 + world.boots}/boot-${world.boots}`,
    tenantIds: async () => tenantIds,
    leaseTtlMs: 30_000,
    random: () => 0,
    uptimeMs: () => 24 * 3_600_000,
    concurrency: options.concurrency ?? 2,
    folders: { derived: join(folder, 'derived') },
    blobs,
    disk: createDiskRoom({ freeBytes: async () => options.freeBytes?.() ?? 2 ** 40 }),
    index,
    parser: options.parser ?? createTextParser(),
    chunk: async (document, strategy) => chunkDocument(document, strategy),
    embedders: {
      current,
      currentRecord: { ...current.model, baseUrl: null, isDimensionsSent: false },
      make: ({ fingerprint }) => options.others?.find((other) => other.model.fingerprint === fingerprint),
    },
  });
  let isClosed = false;
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    await primary.stop();
    await db.close();
  };
  onTestFinished(close);
  const harness: PrimaryHarness = {
    primary,
    deps: {
      ...primary.deps,
      expiry: { warnAheadS: 7 * 86_400, expiredRetentionMs: 30 * 86_400_000, trashRetentionMs: 30 * 86_400_000 },
    },
    db,
    blobs,
    index,
    folder,
    log,
    advance(ms) {
      world.nowMs += ms;
    },
    async blobNames() {
      const names: string[] = [];
      for await (const { sha256 } of blobs.list()) names.push(sha256);
      return names.sort();
    },
    async openAgain(again = options) {
      await close();
      return open(folder, index, world, again);
    },
  };
  return harness;
}
