import { monitorEventLoopDelay } from 'node:perf_hooks';
import { PlanDeletionBody } from '@espejo/contracts';
import { asSystem } from '@espejo/core';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { createApp } from '../../apps/api/src/app.ts';
import { loadConfig } from '../../apps/api/src/config.ts';
import { planDeletion } from '../../apps/api/src/services/deletion/plan/plan-deletion.ts';
import { toDeletionRequest } from '../../apps/api/src/services/deletion/plan/plan-request.ts';
import { presentDeletion } from '../../apps/api/src/services/deletion/present-deletion.ts';
import { startDeletion } from '../../apps/api/src/services/deletion/start-deletion.ts';
import type { Services } from '../../apps/api/src/services/services.ts';
import { getSyncRun } from '../../apps/api/src/services/sync/run/get-sync-run.ts';
import type { SyncTrigger } from '../../apps/api/src/services/sync/run/run-context.ts';
import { startSyncRun } from '../../apps/api/src/services/sync/run/start-sync-run.ts';
import { wire } from '../../apps/api/src/wire.ts';
import { fillStores } from '../lib/fill-stores.ts';
import { serve } from '../lib/remote.ts';
import { measureVerb, writeSomething } from '../lib/verb.ts';

/*
 * The API as `apps/api/src/main.ts` starts it, with the same configuration, wiring, server and log, in a separate process,
 * but without jobs: the bench starts each sync.
 */
interface Running {
  readonly services: Services;
  readonly app: FastifyInstance;
  readonly url: string;
}

export interface SyncInput {
  readonly trigger: SyncTrigger;
  readonly isFull: boolean;
}

/** The histogram counts its own interval as delay. */
const LOOP_RESOLUTION_MS = 5;

let running: Running | undefined;
let serverMs: number[] = [];
let cpuAtTake = process.cpuUsage();

const methods = {
  /** Starts the API on a data folder, the connection's upstream at `upstreamUrl`. */
  async open(input: { dataDir: string; upstreamUrl: string }): Promise<{ url: string }> {
    const config = loadConfig({
      API_PORT: '0',
      ESPEJO_DATA_DIR: input.dataDir,
      ESPEJO_SYNC_ENABLED: 'false',
      OPENAI_BASE_URL: input.upstreamUrl,
      OPENAI_API_KEY: 'sk-bench',
    });
    const logger = pino({ level: config.logLevel }, { write: noteServerTime });
    const services = await wire(config, logger);
    const app = await createApp({ services, auth: config, logger });
    const url = await app.listen({ host: config.host, port: config.port });
    running = { services, app, url };
    return { url };
  },
  async close(): Promise<void> {
    const { services, app } = opened();
    running = undefined;
    await services.stop();
    await app.close();
    await services.close();
  },
  /** One sync, from the call to its last write. */
  async sync({ trigger, isFull }: SyncInput) {
    const { services } = opened();
    const { tenantId } = services;
    const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
    loop.enable();
    const before = process.cpuUsage();
    const startedAt = performance.now();
    const { id } = await startSyncRun(services, { by: asSystem(tenantId, 'bench'), trigger, isDryRun: false, isFull });
    await services.active.get(id)?.finished;
    const wallMs = performance.now() - startedAt;
    const cpu = process.cpuUsage(before);
    loop.disable();
    const run = await getSyncRun(services, { tenantId, runId: id });
    const loopMs = (nanos: number) => Math.max(0, nanos / 1e6 - LOOP_RESOLUTION_MS);
    return {
      status: run.status,
      requests: run.requests,
      counters: run.counters,
      recordedMs: run.durationMs ?? Number.NaN,
      wallMs,
      cpuMs: (cpu.user + cpu.system) / 1000,
      loop: { p50Ms: loopMs(loop.percentile(50)), p99Ms: loopMs(loop.percentile(99)), maxMs: loopMs(loop.max) },
      rssMaxBytes: process.resourceUsage().maxRSS * 1024,
    };
  },
  /** Deletes every mirrored store with its files, from the plan to the last write of the ledger. */
  async deleteMirrors() {
    const { services } = opened();
    const { tenantId } = services;
    const before = process.cpuUsage();
    const startedAt = performance.now();
    const by = asSystem(tenantId, 'bench');
    const body = PlanDeletionBody.parse({ filter: { source: 'cache' }, files: 'delete' });
    const plan = await planDeletion(services, { by, request: toDeletionRequest(services, body) });
    const plannedAt = performance.now();
    const { planHash } = plan;
    const { id } = await startDeletion(services, { by, planHash, trigger: 'person' });
    const begunAt = performance.now();
    await services.deletionWorkers.idle();
    const wallMs = performance.now() - startedAt;
    const cpu = process.cpuUsage(before);
    const { status, steps, message } = await presentDeletion(services, tenantId, id);
    return {
      status,
      steps,
      message,
      counts: plan.counts,
      requestsNeeded: plan.requestsNeeded,
      wallMs,
      planMs: plannedAt - startedAt,
      startMs: begunAt - plannedAt,
      cpuMs: (cpu.user + cpu.system) / 1000,
    };
  },
  fill: (input: { storeCount: number }) => fillStores(opened().services, input.storeCount),
  verb: (input: { paths: readonly string[]; isAfterWrite: boolean }) => measureVerb(opened().services, input),
  /** Any write, which invalidates the caches of the lists. */
  write: () => writeSomething(opened().services),
  /** The times in the server's log since the last call, in ms, and the processor time since then. */
  takeServerMs(): { readonly ms: readonly number[]; readonly cpuMs: number } {
    const used = process.cpuUsage(cpuAtTake);
    const taken = { ms: serverMs, cpuMs: (used.user + used.system) / 1000 };
    serverMs = [];
    cpuAtTake = process.cpuUsage();
    return taken;
  },
  memory: () => ({ rssMaxBytes: process.resourceUsage().maxRSS * 1024 }),
};
export type ApiMethods = typeof methods;

function opened(): Running {
  if (running === undefined) throw new Error('open comes first');
  return running;
}

function noteServerTime(line: string): void {
  if (!line.includes('"msg":"request"')) return;
  serverMs.push((JSON.parse(line) as { durationMs: number }).durationMs);
}

serve(methods);
