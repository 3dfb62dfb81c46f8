import type { DeletionPlan, PlanDeletionBody } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { type Act, type Crash, FILE_COUNT, type Scenario, scenarioOf } from './scenario.ts';

export type Pair = `${string}/${string}`;

/** The upstream project of one seed, and its expected state, independent of Espejo. */
export interface World extends AsyncDisposable {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly sandbox: RunningSandbox;
  readonly request: PlanDeletionBody;
  /** Stores that the request deletes. */
  readonly chosenIds: ReadonlySet<string>;
  /** Attachments in other stores that the request detaches, if they existed. */
  readonly ended: ReadonlySet<string>;
  /** Everything as it was when the deletion was planned. */
  readonly before: Holdings;
  /** Changes by upstream's users since then, for the judge. */
  readonly since: Since;
  /** The plan that Espejo returned. */
  plan: DeletionPlan | undefined;
  deletionId: string | undefined;
  /** Arms a crash: from now on, the request that it names is intercepted. */
  arm(crash: Crash, afterRequests: number): Armed;
  act(acts: readonly Act[]): void;
}

export interface Holdings {
  readonly storeIds: ReadonlySet<string>;
  readonly fileIds: ReadonlySet<string>;
  readonly pairs: ReadonlySet<Pair>;
}

export interface Since {
  /** Attachments that users made outside the plan and have not removed. */
  readonly attached: Set<Pair>;
  readonly detached: Set<Pair>;
  readonly deletedFiles: Set<string>;
  readonly deletedStores: Set<string>;
  /** New files that users attached to stores of the plan. */
  readonly intruders: Set<string>;
}

export interface Armed {
  readonly reached: Promise<void>;
  readonly isReached: boolean;
  /** The method and path that was intercepted. */
  readonly caught: string | null;
  /** After the kill: late requests take effect now. */
  release(): void;
}

/** Builds the project of a seed. */
export async function createWorld(seed: number): Promise<World> {
  const scenario = scenarioOf(seed);
  const sandbox = await startSandbox({ seed, ghostMode: scenario.ghostMode });
  const { state } = sandbox;
  const fileIds = Array.from({ length: FILE_COUNT }, (_, i) => {
    const purpose = scenario.userData.includes(i) ? 'user_data' : 'assistants';
    return state.createFile({ filename: `file-${i}.txt`, content: `text ${i}`, purpose }).id;
  });
  const fileOf = (f: number) => fileIds[f] ?? '';
  const storeIds = scenario.stores.map(
    (files, s) => state.createStore({ name: `Store ${s}`, fileIds: files.map(fileOf) }).id,
  );
  const storeOf = (s: number) => storeIds[s] ?? '';
  const chosenIds = new Set(scenario.chosen.map(storeOf));
  const since: Since = {
    attached: new Set(),
    detached: new Set(),
    deletedFiles: new Set(),
    deletedStores: new Set(),
    intruders: new Set(),
  };
  const before = holdingsOf(sandbox);
  const ended = scenario.ended
    .map(([s, f]): Pair => `${storeOf(s)}/${fileOf(f)}`)
    .filter((pair) => before.pairs.has(pair));
  const world: World = {
    seed,
    scenario,
    sandbox,
    chosenIds,
    ended: new Set(ended),
    request: {
      storeIds: [...chosenIds],
      fileIds: scenario.named.map(fileOf),
      attachments: scenario.ended.map(([s, f]) => ({ storeId: storeOf(s), fileId: fileOf(f) })),
      files: scenario.files,
    },
    before,
    since,
    plan: undefined,
    deletionId: undefined,
    arm: (crash, afterRequests) => arm(sandbox, crash, afterRequests),
    act(acts) {
      const doomed = new Set(world.plan?.filesToDelete.map((file) => file.id));
      for (const each of acts) actOnce(sandbox, { chosenIds, doomed }, since, each);
    },
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
  return world;
}

export function holdingsOf({ state }: RunningSandbox): Holdings {
  const { stores, files, attachments } = state.snapshot();
  return {
    storeIds: new Set(stores.map((row) => row.id)),
    fileIds: new Set(files.map((row) => row.id)),
    pairs: new Set([...attachments].flatMap(([id, rows]) => rows.map((row): Pair => `${id}/${row.id}`))),
  };
}

function arm(sandbox: RunningSandbox, { how }: Crash, target: number): Armed {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let requests = 0;
  let caught: string | null = null;
  const fault = how === 'after' ? sandbox.faults.add({ kind: 'hang', effect: 'after', nth: target }) : null;
  const stop = sandbox.onRequest(({ method, path }) => {
    requests += 1;
    if (requests !== target) return undefined;
    caught = `${method} ${path}`;
    reached.resolve();
    if (how === 'after') return undefined;
    // A request caught before its effect is never handled.
    return how === 'late' ? gate.promise : new Promise<void>(() => undefined);
  });
  return {
    reached: reached.promise,
    get isReached() {
      return caught !== null;
    },
    get caught() {
      return caught;
    },
    release() {
      stop();
      if (fault !== null) sandbox.faults.remove(fault);
      gate.resolve();
    },
  };
}

function actOnce(
  { state }: RunningSandbox,
  { chosenIds, doomed }: { readonly chosenIds: ReadonlySet<string>; readonly doomed: ReadonlySet<string> },
  since: Since,
  { verb, a, b }: Act,
): void {
  const outside = state.storeIds().filter((id) => !chosenIds.has(id));
  const inside = state.storeIds().filter((id) => chosenIds.has(id));
  const fileId = at(state.fileIds(), b);
  const storeId = at(outside, a);
  if (verb === 'attach inside') {
    const into = at(inside, a);
    if (into === undefined) return;
    const intruder = state.createFile({ filename: `intruder-${b}.txt`, content: `${b}` }).id;
    state.attach({ storeId: into, fileId: intruder });
    since.intruders.add(intruder);
    return;
  }
  if (verb === 'delete file') {
    if (fileId === undefined) return;
    state.deleteFile(fileId);
    since.deletedFiles.add(fileId);
    return;
  }
  if (storeId === undefined) return;
  if (verb === 'delete store') {
    state.deleteStore(storeId);
    since.deletedStores.add(storeId);
  } else if (verb === 'attach outside') {
    // A file that is about to be deleted, if there is one.
    const taken =
      at(
        state.fileIds().filter((id) => doomed.has(id)),
        b,
      ) ?? fileId;
    if (taken === undefined) return;
    state.attach({ storeId, fileId: taken });
    since.attached.add(`${storeId}/${taken}`);
    since.detached.delete(`${storeId}/${taken}`);
  } else {
    const member = at(
      Array.from(state.project.stores.get(storeId)?.attachments.values() ?? [], (row) => row.id),
      b,
    );
    if (member === undefined) return;
    state.detach(storeId, member);
    since.detached.add(`${storeId}/${member}`);
    since.attached.delete(`${storeId}/${member}`);
  }
}

function at<T>(list: readonly T[], number: number): T | undefined {
  return list.length === 0 ? undefined : list[number % list.length];
}
