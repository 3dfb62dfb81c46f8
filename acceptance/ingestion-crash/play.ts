import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkIntegrity } from '../crash/mirror-file.ts';
import { type ApiProcess, spawnApi } from '../support/api-process.ts';
import { DIMENSIONS, type EmbeddingServer, startEmbeddingServer } from './embedding-server.ts';
import { createProject, type Project } from './project.ts';
import { type Crash, type Scenario, scenarioOf, WORDS } from './scenario.ts';
import { readFingerprints, readLeftovers, readStoreFile, type StoreContent } from './store-file.ts';

export interface Coverage {
  kills: number;
  /** Kills while files were in progress. */
  interrupted: number;
  /** Kills while stores were to be re-embedded. */
  reembeddings: number;
  readonly caught: Record<string, number>;
  readonly statuses: Record<string, number>;
}

/** The final state. */
export interface Outcome {
  readonly stores: Awaited<ReturnType<Project['look']>>;
  readonly found: readonly (readonly string[])[];
  readonly content: readonly StoreContent[];
}

const QUERIES = [0, 7, 60].map((at) => WORDS.slice(at, at + 3).join(' '));

const MODELS = { first: 'first', second: 'second' } as const;
const POLL_MS = 25;
const WAIT_MAX_MS = 600_000;

interface Stage {
  readonly dataDir: string;
  readonly embeddings: EmbeddingServer;
  /** Uses this embedding model, or the first one. */
  start(model?: string): Promise<ApiProcess>;
}

/** Plays a seed without a crash: its final state is what every other play must reach. */
export async function playClean(seed: number, compileCacheDir: string): Promise<Outcome> {
  return onStage(compileCacheDir, async (stage) => {
    const scenario = scenarioOf(seed);
    const project = createProject(seed, scenario);
    const api = await stage.start(scenario.reembedding === null ? MODELS.first : MODELS.second);
    project.connect(await urlOf(api));
    await project.prepare();
    await project.attachAll();
    await project.settle();
    await project.endSome();
    return conclude(stage, api, project);
  });
}

/** Plays a seed and kills the process at each of its crash points. Throws with the violated invariants. */
export async function playCrashing(seed: number, compileCacheDir: string, coverage: Coverage): Promise<Outcome> {
  return onStage(compileCacheDir, async (stage) => {
    const scenario = scenarioOf(seed);
    const project = createProject(seed, scenario);
    stage.embeddings.failEvery(scenario.failsEvery);
    let api = await stage.start();
    try {
      project.connect(await urlOf(api));
      await project.prepare();
      for (const [round, crash] of scenario.crashes.entries()) {
        await dieAt(stage, api, crash, () => act(project, scenario, round));
        coverage.kills += 1;
        if (readLeftovers(stage.dataDir).pending > 0) coverage.interrupted += 1;
        const how = crash.at === 'moment' ? 'moment' : `embedding, ${crash.isAnswered ? 'after' : 'before'}`;
        coverage.caught[how] = (coverage.caught[how] ?? 0) + 1;
        api = await stage.start();
        project.connect(await urlOf(api));
      }
      // Requests that a killed process did not answer are sent again.
      await project.attachAll();
      await project.settle();
      await project.endSome();
      if (scenario.reembedding !== null) {
        const before = readFingerprints(stage.dataDir);
        await api.stop();
        api = await stage.start(MODELS.second);
        await dieAt(stage, api, { at: 'embedding', afterMs: 0, ...scenario.reembedding }, async () => {
          // The process may be killed before it listens.
          await api.ready;
        });
        coverage.kills += 1;
        if (readFingerprints(stage.dataDir).some((made) => before.includes(made))) coverage.reembeddings += 1;
        api = await stage.start(MODELS.second);
        project.connect(await urlOf(api));
        await untilRemade(stage.dataDir, before);
      }
      return await conclude(stage, api, project);
    } catch (cause) {
      throw new Error(`Seed ${seed}: ${JSON.stringify(scenario)}\n${api.log.slice(-6_000)}`, { cause });
    } finally {
      api.kill();
      await api.exited;
    }
  });
}

/** Every round attaches again what earlier rounds may have lost; the last one also detaches and deletes some. */
async function act(project: Project, scenario: Scenario, round: number): Promise<void> {
  await project.attachAll();
  if (round === scenario.crashes.length - 1) await project.endSome();
}

/** Performs the actions, and kills the process at the crash point, or when everything is done before it. */
async function dieAt(stage: Stage, api: ApiProcess, crash: Crash, acts: () => Promise<void>): Promise<void> {
  const caught = crash.at === 'embedding' ? stage.embeddings.catchNth(crash.nth, crash.isAnswered) : undefined;
  // Running requests fail with the process; any other error is reported.
  const acted = acts().catch((cause: unknown) => {
    if (!api.isKilled) throw cause;
  });
  if (crash.at === 'moment') await Promise.race([delay(crash.delayMs), acted.then(() => delay(crash.delayMs))]);
  else
    await Promise.race([
      caught?.reached.then(() => delay(crash.isAnswered ? crash.afterMs : 0)),
      acted.then(() => delay(600)),
    ]);
  api.kill();
  await api.exited;
  caught?.release();
  await acted;
}

/** Waits until no store has the old embedding model. */
async function untilRemade(dataDir: string, before: readonly string[]): Promise<void> {
  for (let waitedMs = 0; readFingerprints(dataDir).some((made) => before.includes(made)); waitedMs += POLL_MS) {
    if (waitedMs > WAIT_MAX_MS) throw new Error('Stores are as they were made before, for ever.');
    await delay(POLL_MS);
  }
}

async function conclude(stage: Stage, api: ApiProcess, project: Project): Promise<Outcome> {
  const stores = await project.look();
  const found = await Promise.all(QUERIES.map((query) => project.search(query)));
  await api.stop();
  const { tasks, pending } = readLeftovers(stage.dataDir);
  if (tasks + pending > 0) throw new Error(`${tasks} tasks and ${pending} files are left to do.`);
  checkIntegrity(stage.dataDir);
  const content = project.storeIds.map((id) => readStoreFile(stage.dataDir, id));
  return { stores, found, content };
}

async function onStage<T>(compileCacheDir: string, play: (stage: Stage) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'espejo-ingestion-crash-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const embeddings = stack.use(await startEmbeddingServer());
  return await play({
    dataDir,
    embeddings,
    async start(model = MODELS.first) {
      const api = spawnApi({
        dataDir,
        upstreamUrl: 'http://127.0.0.1:9/v1',
        upstreamKey: 'none',
        compileCacheDir,
        env: {
          EMBEDDINGS_BASE_URL: embeddings.baseUrl,
          EMBEDDINGS_MODEL: model,
          EMBEDDINGS_DIMENSIONS: String(DIMENSIONS),
        },
      });
      stack.defer(async () => {
        api.kill();
        await api.exited;
      });
      return api;
    },
  });
}

async function urlOf(api: ApiProcess): Promise<string> {
  const url = await api.ready;
  if (url === null) throw new Error(`The API did not start:\n${api.log}`);
  return url;
}
