import { setTimeout as delay } from 'node:timers/promises';
import type { Deletion, DeletionPlan, DeletionStep } from '@espejo/contracts';
import { asSystem, PUBLISHED_RATES, type StepState, type StorageRates } from '@espejo/core';
import type { ConnectionRow } from '@espejo/db';
import { createOpenAiConnection, type UpstreamConnection } from '@espejo/upstream';
import { onTestFinished } from 'vitest';
import type { DeletionContext, DeletionWorkContext } from '../services/context/app-context.ts';

import { createDeletionHub } from '../services/context/events.ts';
import { createDeletionWorkers } from '../services/deletion/execute/deletion-workers.ts';
import { listDeletionSteps } from '../services/deletion/list-deletions.ts';
import { planDeletion } from '../services/deletion/plan/plan-deletion.ts';
import type { DeletionRequest } from '../services/deletion/plan/plan-request.ts';
import { presentDeletion } from '../services/deletion/present-deletion.ts';
import { cancelDeletion, retryDeletion } from '../services/deletion/retry-deletion.ts';
import { type StartDeletionInput, startDeletion } from '../services/deletion/start-deletion.ts';
import { selectAll } from './mirror-rows.ts';
import { createSyncHarness, type HarnessOptions, HOUR_MS, type SyncHarness, TENANT_ID } from './sync-harness.ts';
import type { SyncProcess } from './sync-process.ts';

/** The grace period of files in no store. */
export const ORPHAN_GRACE_S = HOUR_MS / 1000;
const ACTOR = 'tester';

export type Asked = Partial<DeletionRequest>;

export interface AuditEntry {
  readonly action: string;
  readonly outcome: string;
  readonly actor: string;
}

/** The deletion service of one process. */
export interface DeletionProcess {
  readonly deps: DeletionContext;
  /** Every wait so far, in ms: none of them took any time. */
  readonly waits: number[];
  plan(asked: Asked): Promise<DeletionPlan>;
  start(planHash: string, trigger?: StartDeletionInput['trigger']): Promise<string>;
  /** Plans, starts, and waits until nothing is running. */
  carryOut(asked: Asked, trigger?: StartDeletionInput['trigger']): Promise<Deletion>;
  get(id: string): Promise<Deletion>;
  retry(id: string): Promise<Deletion>;
  cancel(id: string): Promise<Deletion>;
  /** The steps, in order. */
  steps(id: string, state?: StepState): Promise<DeletionStep[]>;
}

export interface DeletionHarness extends Omit<SyncHarness, 'deps' | 'start' | 'stop'>, DeletionProcess {
  /** The sync service of the same process. */
  readonly syncs: SyncHarness;
  /** Another process on the same database. */
  openDeletionProcess(owner: string): Promise<DeletionProcess & { readonly syncs: SyncProcess }>;
  /** Start and end entries, oldest first. */
  audit(deletionId: string): readonly AuditEntry[];
  /** Requests sent upstream since the last call, by route. */
  takeRequests(): Readonly<Record<string, number>>;
  /** Pauses the next matching request, by method and path. */
  pauseRequest(method: string, path: RegExp): { readonly reached: Promise<void>; release(): void };
}

export interface DeletionHarnessOptions extends HarnessOptions {
  readonly rates?: StorageRates;
}

/** A database, a sandbox, the sync and the deletion service between them, on a clock that only the test moves. */
export async function createDeletionHarness(options: DeletionHarnessOptions = {}): Promise<DeletionHarness> {
  const harness = await createSyncHarness({ ...options, hasDeletions: true });
  const { sandbox } = harness;
  const main = toDeletionProcess(harness, options);

  return {
    ...harness,
    ...main,
    syncs: harness,
    async openDeletionProcess(owner) {
      const opened = await harness.openProcess({ owner });
      return { ...toDeletionProcess({ ...harness, ...opened }, options), syncs: opened };
    },
    audit: (deletionId) =>
      selectAll(
        harness.databasePath,
        'select action, outcome, actor from audit_event where subject = ? order by seq',
        deletionId,
      ) as unknown as AuditEntry[],
    takeRequests() {
      const taken = { ...sandbox.requests.byRoute };
      sandbox.requests.clear();
      return taken;
    },
    pauseRequest(method, pattern) {
      const reached = Promise.withResolvers<void>();
      const gate = Promise.withResolvers<void>();
      const stop = sandbox.onRequest((request) => {
        if (request.method !== method || !pattern.test(request.path)) return undefined;
        stop();
        reached.resolve();
        return gate.promise;
      });
      onTestFinished(() => gate.resolve());
      return { reached: reached.promise, release: gate.resolve };
    },
  };
}

function toDeletionProcess(
  harness: Pick<SyncHarness, 'deps' | 'clock'>,
  options: DeletionHarnessOptions,
): DeletionProcess {
  const connectTo = createConnections(harness.clock);
  const waits: number[] = [];
  const work: DeletionWorkContext = {
    ...harness.deps,
    upstreamFor: (row) => connectTo(row).reader,
    deleterFor: (row) => connectTo(row).deleter,
    deletionHub: createDeletionHub(),
    orphanGraceS: ORPHAN_GRACE_S,
    // Primary files have neither bytes nor an index here.
    localWork: { perform: async () => undefined },
    ratesOf: async () => options.rates ?? PUBLISHED_RATES,
    sleep: async (ms, signal) => {
      waits.push(ms);
      await delay(1, undefined, { signal });
    },
  };
  // One shared object: the workers see what a test sets.
  const deps: DeletionContext = Object.assign(work, { deletionWorkers: createDeletionWorkers(work) });
  onTestFinished(() => deps.deletionWorkers.stop());
  const tenantId = TENANT_ID;
  const by = asSystem(tenantId, ACTOR);
  const get = (id: string) => presentDeletion(deps, tenantId, id);
  const start: DeletionProcess['start'] = async (planHash, trigger = 'person') =>
    (await startDeletion(deps, { by, planHash, trigger })).id;
  const plan: DeletionProcess['plan'] = (asked) => planDeletion(deps, { by, request: toRequest(asked) });
  return {
    deps,
    waits,
    plan,
    start,
    get,
    async carryOut(asked, trigger) {
      const id = await start((await plan(asked)).planHash, trigger);
      await deps.deletionWorkers.idle();
      return get(id);
    },
    retry: (id) => retryDeletion(deps, { by, id }),
    cancel: (id) => cancelDeletion(deps, { by, id }),
    async steps(id, state) {
      const { data } = await listDeletionSteps(deps, { tenantId, deletionId: id, query: { limit: 100_000, state } });
      return data;
    },
  };
}

function toRequest(asked: Asked): DeletionRequest {
  return { storeIds: [], fileIds: [], attachments: [], orphans: false, filter: null, files: 'delete', ...asked };
}

/** One pair of ports per connection, renewed when its settings change: as in `wire.ts`. */
function createConnections(clock: SyncHarness['clock']): (row: ConnectionRow) => UpstreamConnection {
  const cache = new Map<string, { readonly key: string; readonly upstream: UpstreamConnection }>();
  return (row) => {
    const key = [row.baseUrl, row.apiKeyCipher, row.organization, row.project, row.concurrency].join('\n');
    const cached = cache.get(row.id);
    if (cached?.key === key) return cached.upstream;
    const upstream = createOpenAiConnection({
      baseUrl: row.baseUrl,
      apiKey: row.apiKeyCipher ?? 'sk-harness',
      organization: row.organization,
      project: row.project,
      concurrency: row.concurrency,
      // Waits between retries take no time, but yield to other work.
      sleep: () => new Promise((resolve) => setImmediate(resolve)),
      random: () => 0.5,
      now: clock.nowMs,
    });
    cache.set(row.id, { key, upstream });
    return upstream;
  };
}
