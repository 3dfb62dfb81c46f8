import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Deletion } from '@espejo/contracts';
import { checkIntegrity } from '../crash/mirror-file.ts';
import { type ApiProcess, spawnApi } from '../support/api-process.ts';
import { allPages } from '../support/pages.ts';
import { type Coverage, countCaught } from './coverage.ts';
import { findBrokenInvariants } from './judge.ts';
import { readAudit, readOpenPlans } from './ledger-file.ts';
import { type Armed, createWorld, holdingsOf, type World } from './world.ts';

const POLL_MS = 15;
/** Far longer than any step takes. */
const WAIT_MAX_MS = 600_000;

export interface PlayOptions {
  readonly coverage: Coverage;
  readonly compileCacheDir: string;
  /** True: kill when the first deletion reaches its crash point. False: wait until all have reached theirs. */
  readonly isInFullFlight: boolean;
}

/**
 * Plays the scenarios of some seeds in one process, each with its own upstream, connection and crash point: one kill
 * interrupts them all. Throws with the violated invariants and the log.
 */
export async function play(seeds: readonly number[], options: PlayOptions): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'espejo-deletion-crash-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const worlds: World[] = [];
  for (const seed of seeds) worlds.push(stack.use(await createWorld(seed)));

  let api = start(dataDir, options);
  stack.defer(async () => {
    api.kill();
    await api.exited;
  });
  const failures: string[] = [];
  try {
    await requireReady(api);
    const connectionIds = await Promise.all(worlds.map((world) => connect(api, world)));
    const rounds = Math.max(...worlds.map((world) => world.scenario.crashes.length));
    for (let round = 0; round < rounds; round += 1) {
      const armed = round === 0 ? await beginAll(api, worlds, options) : armAll(worlds, round);
      if (round > 0) {
        api = start(dataDir, options);
        await requireReady(api);
      }
      await untilCaught(api, worlds, armed, options);
      api.kill();
      await api.exited;
      options.coverage.kills += 1;
      const open = readOpenPlans(dataDir);
      for (const { seed, plan } of worlds) if (open.has(plan?.planHash ?? '')) options.coverage.interrupted.add(seed);
      await whileDown(worlds, armed, round, options.coverage);
    }
    api = start(dataDir, options);
    await requireReady(api);
    for (const world of worlds) await ensureBegun(api, world, options.coverage);
    await Promise.all(worlds.map((world) => untilOver(api, world)));
    const retried = new Set<World>();
    for (const world of worlds) if (await giveScope(api, world)) retried.add(world);
    options.coverage.scopesGiven += retried.size;
    for (const [i, world] of worlds.entries()) {
      failures.push(
        ...(await judge(api, dataDir, world, {
          connectionId: connectionIds[i] ?? '',
          isRetried: retried.has(world),
          coverage: options.coverage,
        })),
      );
    }
    await api.stop();
    checkIntegrity(dataDir);
  } catch (cause) {
    failures.push(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
  }
  if (failures.length > 0) {
    throw new Error(`Seeds ${seeds.join(', ')}:\n${failures.slice(0, 20).join('\n')}\n\n${api.log.slice(-6_000)}`);
  }
}

function start(dataDir: string, { coverage, compileCacheDir }: PlayOptions): ApiProcess {
  coverage.starts += 1;
  return spawnApi({ dataDir, upstreamUrl: 'http://127.0.0.1:9/v1', upstreamKey: 'none', compileCacheDir });
}

async function requireReady(api: ApiProcess): Promise<void> {
  if ((await api.ready) === null) throw new Error('The API did not start.');
}

/** Creates the connection of a world and syncs it. */
async function connect(api: ApiProcess, { seed, sandbox, scenario }: World): Promise<string> {
  const { id } = await api.call('createConnection', {
    body: {
      name: `Seed ${seed}`,
      baseUrl: sandbox.url,
      apiKey: `sk-${seed}`,
      isSyncEnabled: false,
      concurrency: scenario.concurrency,
    },
  });
  await syncOnce(api, id);
  return id;
}

async function syncOnce(api: ApiProcess, connectionId: string) {
  const { id } = await api.call('startSyncRun', { body: { connectionId, full: true } });
  return until(`the end of sync ${id}`, async () => {
    const run = await api.call('getSyncRun', { params: { id } });
    return run.status === 'running' ? undefined : run;
  });
}

/** Plans every deletion, arms its first crash, and starts it. */
async function beginAll(
  api: ApiProcess,
  worlds: readonly World[],
  { isInFullFlight }: PlayOptions,
): Promise<readonly (Armed | null)[]> {
  // Some are killed before the deletion is recorded.
  const isBeforeActs = isInFullFlight && Math.floor((worlds[0]?.seed ?? 0) / 30) % 4 === 0;
  const planned = await Promise.all(
    worlds.map(async (world, i) => {
      const { sandbox, scenario } = world;
      sandbox.requests.clear();
      world.plan = await api.call('planDeletion', { body: world.request });
      const reading = sandbox.requests.total;
      for (const { effect, nth } of scenario.drops) {
        sandbox.faults.add({ kind: 'drop', effect, nth, method: 'DELETE' });
      }
      if (isScopeMissing(world)) {
        // A restricted key, until it is given the scope: steps that need the scope are parked.
        sandbox.faults.add({ kind: 'missing_scope', scope: SCOPE, path: '/files/*', method: 'DELETE' });
      } else if (isRemovalLate(world)) {
        // Upstream still shows what was deleted: it is asked again, not deleted again, and nothing is parked.
        sandbox.faults.add({ kind: 'removal_lag', lookups: 1 });
      } else if (scenario.drops.length === 0) {
        // A good key is rejected once: it is checked again, and nothing is parked.
        const status = scenario.concurrency === 1 ? 401 : 403;
        sandbox.faults.add({ kind: 'status', status, nth: 1 + scenario.chosen.length, method: 'DELETE' });
      }
      // The start reads all attachments again before the first step.
      const [crash] = scenario.crashes;
      if (crash === undefined) return null;
      return world.arm(
        crash,
        isBeforeActs && i === 0 ? 1 + Math.floor(crash.share * reading) : reading + pointOf(world, crash.share),
      );
    }),
  );
  const starts = Promise.all(
    worlds.map(async (world) => {
      const planHash = world.plan?.planHash ?? '';
      try {
        world.deletionId = (await api.call('startDeletion', { body: { planHash } })).id;
      } catch (cause) {
        // An empty plan is rejected, and the answer may be lost with the process.
        if (!api.isKilled && !isOfNothing(world)) throw cause;
      }
    }),
  );
  if (isBeforeActs) {
    await Promise.race([starts, ...planned.map((caught) => caught?.reached ?? starts)]);
    starts.catch(() => undefined);
  } else await starts;
  return planned;
}

const SCOPE = 'api.files.write';

/** In some worlds the key lacks the scope to delete files during the first process. */
function isScopeMissing({ seed, scenario }: World): boolean {
  return scenario.drops.length === 0 && seed % 5 === 4;
}

/** In some worlds upstream shows a deleted store or file once more during the first process. */
function isRemovalLate({ seed, scenario }: World): boolean {
  return scenario.drops.length === 0 && seed % 5 === 1;
}

/** How many deleted objects were seen once more, and asked for again. */
function countLateRemovals(world: World): number {
  if (!isRemovalLate(world)) return 0;
  const seen = new Set<string>();
  let count = 0;
  for (const { method, path } of world.sandbox.requests.entries) {
    if (method !== 'GET' || !/^\/(files|vector_stores)\/[^/]+$/.test(path)) continue;
    if (seen.has(path)) count += 1;
    seen.add(path);
  }
  return count;
}

/** Gives the key its scope and retries the parked steps, which must name it. Returns whether there were any. */
async function giveScope(api: ApiProcess, world: World): Promise<boolean> {
  const deletion = isScopeMissing(world) ? await untilOver(api, world) : undefined;
  if (deletion === undefined) return false;
  const isWaiting = (await stepsOf(api, deletion.id)).some(
    ({ state, reason }) => state === 'parked' && reason?.includes(SCOPE),
  );
  if (!isWaiting) return false;
  await api.call('retryDeletion', { params: { id: deletion.id } });
  await untilOver(api, world);
  return true;
}

async function stepsOf(api: ApiProcess, id: string) {
  const { rows } = await allPages((cursor) =>
    api.call('listDeletionSteps', { params: { id }, query: { limit: 200, cursor } }),
  );
  return rows;
}

function armAll(worlds: readonly World[], round: number): readonly (Armed | null)[] {
  return worlds.map((world) => {
    const crash = world.scenario.crashes[round];
    // Each round has less left to do.
    return crash === undefined ? null : world.arm(crash, pointOf(world, crash.share ** (round + 1)));
  });
}

function pointOf({ plan }: World, share: number): number {
  return 1 + Math.floor(share * (plan?.requestsNeeded ?? 1));
}

function isOfNothing({ plan }: World): boolean {
  const { stores = 0, filesToDelete = 0, attachmentsToDetach = 0 } = plan?.counts ?? {};
  return stores + filesToDelete + attachmentsToDetach === 0;
}

/** Waits until every deletion is at its crash point or over; in full flight until the first is. */
async function untilCaught(
  api: ApiProcess,
  worlds: readonly World[],
  armed: readonly (Armed | null)[],
  { isInFullFlight }: PlayOptions,
): Promise<void> {
  const stopped = worlds.map(async (world, i) => {
    const caught = armed[i];
    if (caught === null || caught === undefined) return isInFullFlight ? new Promise<void>(() => undefined) : undefined;
    if (isInFullFlight) return caught.reached;
    await Promise.race([caught.reached, untilOver(api, world)]);
  });
  const allOver = Promise.all(worlds.map((world) => untilOver(api, world)));
  await (isInFullFlight ? Promise.race([...stopped, allOver]) : Promise.all(stopped));
  // Other requests of the same deletion may finish meanwhile.
  await delay((worlds[0]?.seed ?? 0) % 7);
}

/** After the kill: late requests reach upstream, then its users make changes. */
async function whileDown(
  worlds: readonly World[],
  armed: readonly (Armed | null)[],
  round: number,
  coverage: Coverage,
): Promise<void> {
  for (const [i, world] of worlds.entries()) {
    const caught = armed[i];
    const crash = world.scenario.crashes[round];
    if (caught === null || caught === undefined || crash === undefined) continue;
    if (caught.caught !== null) countCaught(coverage, caught.caught, crash.how);
    if (round === 0) coverage.lateRemovals += countLateRemovals(world);
    caught.release();
    world.sandbox.faults.clear();
  }
  await delay(10);
  for (const world of worlds) world.act(world.scenario.crashes[round]?.acts ?? []);
}

/** The answer to a start may be lost with the process: then the deletion is recorded, or nothing has happened. */
async function ensureBegun(api: ApiProcess, world: World, coverage: Coverage): Promise<void> {
  if (world.deletionId !== undefined || isOfNothing(world)) return;
  const { rows } = await allPages((cursor) => api.call('listDeletions', { query: { limit: 200, cursor } }));
  world.deletionId = rows.find((row) => row.planHash === world.plan?.planHash)?.id;
  if (world.deletionId !== undefined) return;
  coverage.neverBegun += 1;
  if (world.sandbox.requests.writes > 0) throw new Error(`Seed ${world.seed}: acts without an intent on record.`);
}

async function untilOver(api: ApiProcess, { deletionId, seed }: World): Promise<Deletion | undefined> {
  if (deletionId === undefined) return undefined;
  return until(`the end of the deletion of seed ${seed}`, async () => {
    // The process was killed: never resolve.
    if (api.isKilled) return await new Promise<undefined>(() => undefined);
    const deletion = await api.call('getDeletion', { params: { id: deletionId } }).catch((cause: unknown) => {
      if (api.isKilled) return undefined;
      throw cause;
    });
    return deletion === undefined || deletion.status === 'waiting' || deletion.status === 'running'
      ? undefined
      : deletion;
  });
}

async function judge(
  api: ApiProcess,
  dataDir: string,
  world: World,
  options: { readonly connectionId: string; readonly isRetried: boolean; readonly coverage: Coverage },
): Promise<string[]> {
  const { connectionId, isRetried, coverage } = options;
  const deletion = await untilOver(api, world);
  if (deletion === undefined) return [];
  const steps = await stepsOf(api, deletion.id);
  coverage.statuses[deletion.status] = (coverage.statuses[deletion.status] ?? 0) + 1;
  coverage.kept += deletion.steps.cancelled;
  const broken = findBrokenInvariants(world, { deletion, steps, audit: readAudit(dataDir, deletion.id), isRetried });
  broken.push(...(await judgeMirror(api, world, connectionId)));
  if (deletion.status === 'parked') broken.push(...(await finishWithNewPlan(api, world)));
  const acts = world.sandbox.requests.entries.map(({ method, path }) => `${method} ${path}`).slice(-60);
  return broken.length === 0
    ? []
    : [
        `Seed ${world.seed}: ${JSON.stringify(world.scenario)}`,
        ...broken,
        ...steps.map((step) => `  ${step.kind} ${step.storeId} ${step.fileId} ${step.state} ${step.reason ?? ''}`),
        ...acts.map((line) => `  > ${line}`),
      ];
}

/** The mirror no longer has the deleted rows; a sync finds nothing missing and needs no review. */
async function judgeMirror(api: ApiProcess, world: World, connectionId: string): Promise<string[]> {
  const { since, sandbox } = world;
  const mirrored = async () => ({
    stores: (await allPages((cursor) => api.call('listVectorStores', { query: { connectionId, limit: 200, cursor } })))
      .rows,
    files: (await allPages((cursor) => api.call('listFiles', { query: { connectionId, limit: 200, cursor } }))).rows,
  });
  const broken: string[] = [];
  const now = holdingsOf(sandbox);
  const shown = await mirrored();
  for (const { id } of shown.stores) {
    if (!now.storeIds.has(id) && !since.deletedStores.has(id)) broken.push(`store ${id}: still in the mirror`);
  }
  for (const { id } of shown.files) {
    if (!now.fileIds.has(id) && !since.deletedFiles.has(id)) broken.push(`file ${id}: still in the mirror`);
  }
  if (since.deletedStores.size > 0) return broken;
  const run = await syncOnce(api, connectionId);
  if (run.status !== 'succeeded')
    broken.push(`the sync after it ended ${run.status}: ${JSON.stringify(run.plan?.reasons)}`);
  if (run.counters.stores.missing > 0) broken.push(`the sync after it misses ${run.counters.stores.missing} stores`);
  const isUntouched = since.deletedFiles.size + since.detached.size === 0 && world.scenario.ghostMode === 'none';
  if (isUntouched && run.counters.attachments.missing + run.counters.files.missing > 0) {
    broken.push(`the sync after it misses ${JSON.stringify(run.counters)}`);
  }
  return broken;
}

/** A file that was added to a store of the plan needs a new plan, which must succeed. */
async function finishWithNewPlan(api: ApiProcess, world: World): Promise<string[]> {
  const left = [...world.chosenIds].filter((id) => holdingsOf(world.sandbox).storeIds.has(id));
  const plan = await api.call('planDeletion', { body: { storeIds: left, files: world.scenario.files } });
  const { id } = await api.call('startDeletion', { body: { planHash: plan.planHash } });
  const deletion = await untilOver(api, { ...world, deletionId: id });
  const now = holdingsOf(world.sandbox).storeIds;
  return deletion?.status === 'succeeded' && left.every((storeId) => !now.has(storeId))
    ? []
    : [`a new plan does not end it: ${JSON.stringify(deletion)}`];
}

async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + WAIT_MAX_MS;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(POLL_MS);
  }
  throw new Error(`Timed out after ${WAIT_MAX_MS / 1000} s waiting for ${what}.`);
}
