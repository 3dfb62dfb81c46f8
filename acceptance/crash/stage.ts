import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock, type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { type ApiProcess, spawnApi } from '../support/api-process.ts';
import type { Coverage } from './coverage.ts';
import { act, settleWorld } from './history.ts';
import type { Moment } from './judge.ts';
import { readMirror } from './mirror-file.ts';
import { onNthWrite } from './run-sync.ts';
import type { Round, Scenario, Step } from './scenario.ts';
import { type ItemKey, type ItemKind, upstreamItems } from './upstream-items.ts';

const EPOCH_MS = 1_790_000_000_000;
const KEYS: Record<Round['key'], string> = { ours: 'sk-ours-0123456789', theirs: 'sk-theirs-0123456789' };

/** One seed's upstream, data folder and process. */
export interface Stage extends AsyncDisposable {
  readonly sandbox: RunningSandbox;
  readonly dataDir: string;
  readonly coverage: Coverage;
  /** The current process, or the last one. */
  readonly api: ApiProcess;
  /** Everything that has ever existed upstream. */
  readonly everHeld: ReadonlySet<ItemKey>;
  /** The items of the other project, which does not change. */
  readonly theirs: ReadonlyMap<ItemKey, number>;
  /** Whether a review was approved. */
  isApproved: boolean;
  /** Kinds that a listing since the last clean full sync may have left out in part. */
  doubtfulKinds: readonly ItemKind[];
  /** Starts a process with this key unless one runs. */
  ensureApi(key: Round['key']): Promise<void>;
  /** Starts a process and kills it at its nth write, or when it is ready. */
  crashAtStart(key: Round['key'], number: number): Promise<void>;
  act(steps: readonly Step[]): void;
  /** The current state of upstream and mirror. Only valid while no sync runs. */
  look(): Moment;
}

export async function createStage(
  seed: number,
  scenario: Scenario,
  options: { readonly coverage: Coverage; readonly compileCacheDir: string },
): Promise<Stage> {
  const { coverage } = options;
  const clock = createManualClock(EPOCH_MS);
  const sandbox = await startSandbox({
    clock,
    seed,
    processingDelayMs: scenario.processingDelayMs,
    deletedCursor: scenario.deletedCursor,
    keys: { [KEYS.ours]: 'proj_ours', [KEYS.theirs]: 'proj_theirs' },
  });
  const { state } = sandbox;
  settleWorld(state, scenario.world, (bulk) => sandbox.seed({ ...bulk, seed }));
  sandbox.seed({ stores: 3, filesPerStore: 2, seed }, 'proj_theirs');
  const dataDir = mkdtempSync(join(tmpdir(), 'espejo-crash-'));
  const theirs = upstreamItems(sandbox.stateOf('proj_theirs'));
  const everHeld = new Set<ItemKey>(theirs.keys());
  const remember = (): void => {
    for (const key of upstreamItems(state).keys()) everHeld.add(key);
  };
  remember();

  let api: ApiProcess | undefined;
  let keyOfApi: Round['key'] = 'ours';
  function start(key: Round['key']): ApiProcess {
    keyOfApi = key;
    coverage.starts += 1;
    api = spawnApi({
      dataDir,
      upstreamUrl: sandbox.url,
      upstreamKey: KEYS[key],
      compileCacheDir: options.compileCacheDir,
    });
    return api;
  }
  async function end(): Promise<void> {
    api?.kill();
    await api?.exited;
  }

  return {
    sandbox,
    dataDir,
    coverage,
    everHeld,
    theirs,
    isApproved: false,
    doubtfulKinds: [],
    get api() {
      if (api === undefined) throw new Error('No process was started yet.');
      return api;
    },
    async ensureApi(key) {
      if (api?.isKilled === false && keyOfApi === key) return;
      await end();
      const startedMs = performance.now();
      const url = await start(key).ready;
      if (url === null) throw new Error('The API did not start.');
      coverage.startMs += performance.now() - startedMs;
    },
    async crashAtStart(key, number) {
      await end();
      const starting = start(key);
      const stopWatching = onNthWrite(dataDir, number, () => starting.kill());
      await starting.ready;
      stopWatching();
      if (starting.isKilled) coverage.kills.start += 1;
      await end();
    },
    act(steps) {
      act(state, clock, steps);
      // Two batches of history must not share a second, because upstream's timestamps have that resolution.
      clock.advance(1_000);
      remember();
    },
    look: () => ({ mirror: readMirror(dataDir), upstream: upstreamItems(state) }),
    async [Symbol.asyncDispose]() {
      await end();
      await sandbox.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
