import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionRow, type Database, openDatabase } from '@espejo/db';
import type { UpstreamOptions, UpstreamPort } from '@espejo/upstream';
import { createFakeUpstream, type FakeUpstream } from '@espejo/upstream/testing';
import { onTestFinished } from 'vitest';
import { createSecretBox } from '../secrets.ts';
import type { ActiveRun } from '../services/context/active-runs.ts';
import type { ConnectionContext, VectorStoreContext } from '../services/context/app-context.ts';
import type { Scheduler } from '../services/context/scheduler.ts';

import type { FileDeps } from '../services/files/list-files.ts';

import { createMemoryLog, lineOf } from './memory-log.ts';

export const TENANT = 'tenant-a';
/** 2026-01-15 09:00 UTC. */
export const NOW_MS = Date.UTC(2026, 0, 15, 9);
export const NOW_S = NOW_MS / 1000;

/**
 * The ports of the services outside the sync, with their own database, a clock that stands still and a fake upstream.
 */
export interface ApiHarness {
  readonly deps: ConnectionContext & FileDeps & VectorStoreContext;
  readonly db: Database;
  readonly upstream: FakeUpstream;
  /** The options of every upstream that was created for unsaved settings. */
  readonly createdUpstreams: UpstreamOptions[];
  /** The schedule, by connection. */
  readonly schedule: Map<string, ConnectionRow>;
  readonly log: string[];
  setNow(ms: number): void;
  /** Pretends that a run of a connection is in progress; it ends when it is aborted. */
  pretendRun(connectionId: string): ActiveRun;
}

export async function createApiHarness(): Promise<ApiHarness> {
  const folder = mkdtempSync(join(tmpdir(), 'espejo-api-'));
  const db = openDatabase({ path: join(folder, 'espejo.db') });
  onTestFinished(async () => {
    await db.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await db.transaction((tx) => tx.tenants.ensure({ id: TENANT, name: 'A', createdAtMs: NOW_MS }));
  const upstream = createFakeUpstream();
  const createdUpstreams: UpstreamOptions[] = [];
  const schedule = new Map<string, ConnectionRow>();
  const log: string[] = [];
  let nowMs = NOW_MS;
  let serial = 0;
  const deps: ApiHarness['deps'] = {
    db,
    clock: { nowMs: () => nowMs },
    randomHex: (length) => (serial++).toString(16).padStart(length, '0'),
    log: createMemoryLog((entry) => log.push(lineOf(entry))),
    secrets: createSecretBox('a secret of the tests'),
    scheduler: createMemoryScheduler(schedule),
    active: new Map(),
    defaults: { syncCron: '*/5 * * * *', removalGraceS: 3600 },
    orphanGraceS: 3600,
    expiry: { warnAheadS: 7 * 86_400, expiredRetentionMs: 30 * 86_400_000, trashRetentionMs: 30 * 86_400_000 },
    upstreamFor: () => upstream,
    isNetworkTold: () => true,
    createUpstream: (_tenantId, options): UpstreamPort => {
      createdUpstreams.push(options);
      return upstream;
    },
  };
  return {
    deps,
    db,
    upstream,
    createdUpstreams,
    schedule,
    log,
    setNow: (ms) => {
      nowMs = ms;
    },
    pretendRun(connectionId) {
      const controller = new AbortController();
      const runId = `run_${connectionId}`;
      const finished = new Promise<void>((resolve) => {
        controller.signal.addEventListener('abort', () => {
          deps.active.delete(runId);
          resolve();
        });
      });
      const run = { tenantId: TENANT, runId, connectionId, trigger: 'manual', isDryRun: false, controller, finished };
      deps.active.set(runId, run);
      return run;
    },
  };
}

function createMemoryScheduler(schedule: Map<string, ConnectionRow>): Scheduler {
  return {
    set: (row) => {
      if (row.isEnabled && row.isSyncEnabled) schedule.set(row.id, row);
      else schedule.delete(row.id);
    },
    remove: ({ id }) => {
      schedule.delete(id);
    },
    stop: () => schedule.clear(),
  };
}
