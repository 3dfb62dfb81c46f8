import { planSweep } from '@espejo/core';
import { z } from 'zod';
import { certainNowMs } from '../../ports.ts';
import type { ContentContext } from '../context/app-context.ts';
import { hashOfNames } from '../hash-of-names.ts';

const DAY_MS = 24 * 3_600_000;
/** Content younger than this may be on its way onto the record. */
const GRACE_MS = DAY_MS;
/** For how long content that no row names is kept aside. */
const ASIDE_MS = 30 * DAY_MS;

/** Facts of the installation: what a sweep asks, and what a person answered. */
export const SWEEP_QUESTION_FACT = 'sweep_question';
export const SWEEP_APPROVAL_FACT = 'sweep_approval';
export const SweepQuestion = z.object({ hash: z.string(), count: z.int(), limit: z.int() });
const SweepApproval = z.object({ hash: z.string() });

type SweepDeps = Pick<ContentContext, 'db' | 'clock' | 'blobs' | 'blobGate' | 'log'> & {
  /** For how long this process has run, by a clock that only counts. */
  readonly uptimeMs: () => number;
};

export interface SweepOutcome {
  readonly setAside: number;
  readonly takenBack: number;
  /** Forgotten for good, after their time aside. */
  readonly forgotten: number;
  /** In a sentence, what a person has to look at; null: nothing. */
  readonly question: string | null;
}

/**
 * Looks after content that no file and no part of an upload has: what a process that was killed left behind. It is set
 * aside first and kept for 30 days; what a row names again is taken back, and the rest is forgotten then. Whether it may is
 * decided by `planSweep`.
 */
export async function sweepBlobs(deps: SweepDeps, signal: AbortSignal): Promise<SweepOutcome> {
  const aside = await lookAside(deps, signal);
  const kept = await listUnnamed(deps, signal);
  const { read } = deps.db;
  const approval = SweepApproval.safeParse(await read.installationFacts.find(SWEEP_APPROVAL_FACT));
  const plan = planSweep(
    {
      keptCount: kept.count + aside.remaining.length,
      setAsideCount: aside.remaining.length,
      unnamed: kept.unnamed,
      uptimeMs: deps.uptimeMs(),
      approvedHash: approval.success ? approval.data.hash : null,
    },
    hashOfNames,
  );
  const none = { setAside: 0, takenBack: aside.takenBack, forgotten: 0, question: null };
  if (signal.aborted || plan.kind === 'wait') return none;
  const forgotten = await forgetOld(deps, aside.remaining, signal);
  if (plan.kind === 'ask') {
    await deps.db.transaction((tx) => tx.installationFacts.set(SWEEP_QUESTION_FACT, SweepQuestion.parse(plan)));
    return {
      ...none,
      forgotten,
      question: `No file and no upload has ${plan.count} of the kept contents, which is more than ${plan.limit}: the database may be another one, or older than they are. Nothing was touched. If that is right, npm run confirm -- sweep sets them aside.`,
    };
  }
  let setAside = 0;
  for (const sha256 of plan.names) {
    if (signal.aborted) break;
    await deps.blobGate.run(sha256, async () => {
      if (await read.primaryFiles.isContentUsed(sha256)) return;
      if (await deps.blobs.setAside(sha256, deps.clock.nowMs())) setAside += 1;
    });
  }
  await closeQuestion(deps);
  return { ...none, setAside, forgotten };
}

async function listUnnamed(
  deps: SweepDeps,
  signal: AbortSignal,
): Promise<{ readonly count: number; readonly unnamed: readonly string[] }> {
  const beforeMs = certainNowMs(deps.clock) - GRACE_MS;
  const unnamed: string[] = [];
  let count = 0;
  for await (const { sha256, modifiedAtMs } of deps.blobs.list()) {
    if (signal.aborted) break;
    count += 1;
    if (modifiedAtMs < beforeMs && !(await deps.db.read.primaryFiles.isContentUsed(sha256))) unnamed.push(sha256);
  }
  return { count, unnamed };
}

interface Aside {
  readonly sha256: string;
  readonly setAsideAtMs: number;
}

/** Takes back what a row names again; the rest remains aside. Waits for nothing: nothing is lost by it. */
async function lookAside(
  deps: SweepDeps,
  signal: AbortSignal,
): Promise<{ readonly takenBack: number; readonly remaining: readonly Aside[] }> {
  const remaining: Aside[] = [];
  let takenBack = 0;
  for await (const one of deps.blobs.listSetAside()) {
    if (signal.aborted) break;
    if (!(await deps.db.read.primaryFiles.isContentUsed(one.sha256))) remaining.push(one);
    else if (await deps.blobs.takeBack(one.sha256)) takenBack += 1;
  }
  return { takenBack, remaining };
}

async function forgetOld(deps: SweepDeps, aside: readonly Aside[], signal: AbortSignal): Promise<number> {
  const beforeMs = certainNowMs(deps.clock) - ASIDE_MS;
  let forgotten = 0;
  for (const { sha256, setAsideAtMs } of aside) {
    if (signal.aborted) break;
    if (setAsideAtMs > beforeMs) continue;
    await deps.blobGate.run(sha256, async () => {
      if (await deps.db.read.primaryFiles.isContentUsed(sha256)) return;
      await deps.blobs.discard(sha256);
      forgotten += 1;
    });
  }
  return forgotten;
}

async function closeQuestion({ db }: SweepDeps): Promise<void> {
  const asked = await db.read.installationFacts.find(SWEEP_QUESTION_FACT);
  const approved = await db.read.installationFacts.find(SWEEP_APPROVAL_FACT);
  if (asked === undefined && approved === undefined) return;
  await db.transaction(async (tx) => {
    await tx.installationFacts.remove(SWEEP_QUESTION_FACT);
    await tx.installationFacts.remove(SWEEP_APPROVAL_FACT);
  });
}
