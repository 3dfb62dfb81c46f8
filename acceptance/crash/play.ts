import type { SyncRun } from '@espejo/contracts';
import { expectExactMirror } from '../openai-server/compare.ts';
import { allPages } from '../support/pages.ts';
import { type Coverage, countRun } from './coverage.ts';
import { kindsHiddenBy } from './faults.ts';
import { findBrokenInvariants, type Interval, type Moment } from './judge.ts';
import { checkIntegrity } from './mirror-file.ts';
import { runSync } from './run-sync.ts';
import { type CrashPoint, type Round, scenarioOf } from './scenario.ts';
import { createStage, type Stage } from './stage.ts';
import { ITEM_KINDS } from './upstream-items.ts';

/** Longer than any list lag and any file processing. */
const SETTLED_MS = 60_000;
/** Each clean sync may need an approval, and may find more than was approved. */
const LAST_RUNS_MAX = 8;
const AT_ONCE: CrashPoint = { at: 'request', number: 1, afterAnswerMs: null };

/** A round without faults, history or crash. */
const QUIET: Pick<Round, 'during' | 'faults' | 'isDryRun' | 'isFull' | 'key' | 'cancelAtRequest'> = {
  during: [],
  faults: [],
  isDryRun: false,
  isFull: true,
  key: 'ours',
  cancelAtRequest: null,
};

/** Plays the scenario of a seed. Throws with the violated invariants and the log. */
export async function play(
  seed: number,
  options: { readonly coverage: Coverage; readonly compileCacheDir: string },
): Promise<void> {
  const scenario = scenarioOf(seed);
  await using stage = await createStage(seed, scenario, options);
  let at = 'the start';
  try {
    if (scenario.isMirrored) {
      await stage.ensureApi('ours');
      await judgedSync(stage, QUIET, null, startSync(stage, QUIET));
    }
    for (const [i, round] of scenario.rounds.entries()) {
      at = `round ${i + 1}, ${JSON.stringify(round)}`;
      await playRound(stage, round);
    }
    at = 'the end';
    await playEnd(stage, scenario.crashAtRemoval);
  } catch (cause) {
    const log = stage.api.log.slice(-4_000);
    throw new Error(`Seed ${seed}, ${at}: ${cause instanceof Error ? cause.message : cause}\n${log}`, { cause });
  }
}

async function playRound(stage: Stage, round: Round): Promise<void> {
  const { crash, review, key } = round;
  stage.act(round.history);
  if (crash?.at === 'start') {
    const before = stage.look();
    await stage.crashAtStart(key, crash.number);
    judge(stage, before, { hiddenKinds: [], mayChange: false, clean: null });
  }
  await stage.ensureApi(key);
  const run = await judgedSync(stage, round, crash, startSync(stage, round));
  const isMissed = crash !== null && crash.at !== 'start' && !stage.api.isKilled;
  if (isMissed) await judgedSync(stage, round, AT_ONCE, startSync(stage, round));

  if (stage.api.isKilled && round.isQuietAfterwards) {
    await stage.ensureApi('ours');
    await judgedSync(stage, QUIET, null, startSync(stage, { ...QUIET, isFull: false }));
    return;
  }
  if (run?.status !== 'needs_review' || review === 'leave' || key === 'theirs' || run.dryRun) return;
  if (review === 'change, then approve') stage.act(round.during.flatMap(({ steps }) => steps));
  await stage.ensureApi(key);
  await judgedSync(stage, round, crash, approve(stage, run));
}

/** After all faults and list lags, two clean full syncs make the mirror equal to upstream. */
async function playEnd(stage: Stage, crashAtRemoval: CrashPoint | null): Promise<void> {
  const { sandbox } = stage;
  sandbox.clock.advance(SETTLED_MS);
  await stage.ensureApi('ours');
  if (crashAtRemoval !== null) {
    const run = await judgedSync(stage, QUIET, null, startSync(stage, QUIET));
    const isReview = run?.status === 'needs_review';
    await judgedSync(stage, QUIET, crashAtRemoval, isReview ? approve(stage, run) : startSync(stage, QUIET));
    await stage.ensureApi('ours');
  }
  let start = startSync(stage, QUIET);
  let cleanRuns = 0;
  for (let runs = 0; cleanRuns < 2; runs += 1) {
    const run = await judgedSync(stage, QUIET, null, start);
    if (run === null || runs === LAST_RUNS_MAX || !['succeeded', 'needs_review'].includes(run.status)) {
      throw new Error(`The mirror does not settle: ${JSON.stringify(run)}`);
    }
    if (run.status === 'succeeded') cleanRuns += 1;
    start = run.status === 'needs_review' ? approve(stage, run) : startSync(stage, QUIET);
  }
  const { api } = stage;
  await expectExactMirror(api, sandbox.state.snapshot());

  const check = { ...QUIET, isDryRun: true };
  const checked = await judgedSync(stage, check, null, startSync(stage, check));
  if (checked?.plan?.isInSync !== true) throw new Error(`A check finds differences: ${JSON.stringify(checked)}`);
  const runs = await allPages((cursor) => api.call('listSyncRuns', { query: { limit: 200, cursor } }));
  const unended = runs.rows.filter((run) => run.status === 'running');
  if (unended.length > 0) throw new Error(`Runs that never ended: ${JSON.stringify(unended)}`);
  const writes = sandbox.requests.entries.filter((request) => request.method !== 'GET');
  if (writes.length > 0) throw new Error(`Upstream was written: ${JSON.stringify(writes)}`);
  await api.stop();
  checkIntegrity(stage.dataDir);
}

function startSync({ api }: Stage, { isFull, isDryRun }: Pick<Round, 'isFull' | 'isDryRun'>) {
  return () => api.call('startSyncRun', { body: { full: isFull, dryRun: isDryRun } });
}

function approve(stage: Stage, run: SyncRun) {
  stage.isApproved = true;
  const { api } = stage;
  return () => api.call('approveSyncRun', { params: { id: run.id }, body: { planHash: run.plan?.hash ?? '' } });
}

/** Runs one sync with its faults and checks the invariants afterwards. */
async function judgedSync(
  stage: Stage,
  round: typeof QUIET,
  crash: CrashPoint | null,
  start: () => Promise<{ readonly id: string }>,
): Promise<SyncRun | null> {
  const { sandbox, coverage } = stage;
  const { during, faults, cancelAtRequest } = round;
  const before = stage.look();
  for (const fault of faults) sandbox.faults.add(fault);
  const onRequest = (number: number): void => {
    for (const { request, steps } of during) if (request === number) stage.act(steps);
  };
  const run = await runSync(stage, start, { crash, cancelAtRequest, onRequest });
  sandbox.faults.clear();
  if (run !== null) countRun(coverage, run);
  else if (crash !== null) coverage.kills[crash.at] += 1;
  const isUndisturbed = round.key === 'ours' && during.length + faults.length === 0;
  const isClean = isUndisturbed && run?.status === 'succeeded' && !run.dryRun;
  const clean = isClean ? (run.full ? 'full' : 'plain') : null;
  const hiddenKinds = round.key === 'theirs' ? ITEM_KINDS : kindsHiddenBy(faults);
  judge(stage, before, {
    hiddenKinds,
    mayChange: !round.isDryRun && !(round.key === 'theirs' && isOursAlone(stage, before)),
    clean,
  });
  stage.doubtfulKinds = clean === 'full' ? [] : [...stage.doubtfulKinds, ...hiddenKinds];
  return run;
}

/** True if the mirror has items but none of the other project, whose answers must then not change it. */
function isOursAlone({ theirs }: Stage, { mirror }: Moment): boolean {
  const keys = [...mirror.items.keys()];
  return keys.length > 0 && !keys.some((key) => theirs.has(key));
}

function judge(stage: Stage, before: Moment, facts: Pick<Interval, 'hiddenKinds' | 'mayChange' | 'clean'>): void {
  const { everHeld, isApproved, doubtfulKinds } = stage;
  const after = stage.look();
  const broken = findBrokenInvariants({ before, after, everHeld, isApproved, doubtfulKinds, ...facts });
  if (broken.length > 0)
    throw new Error(`${broken.length} invariants are violated.\n${broken.slice(0, 20).join('\n')}`);
}
