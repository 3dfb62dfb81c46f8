import { planSweep } from '@espejo/core';
import { z } from 'zod';
import { certainNowMs } from '../../ports.ts';
import type { ContentContext } from '../context/app-context.ts';
import { hashOfNames } from '../hash-of-names.ts';

const DAY_MS = 24 * 3_600_000;
/** Content younger than this may not be recorded yet. */
const GRACE_MS = DAY_MS;
/** How long unreferenced content is set aside before it is deleted. */
const ASIDE_MS = 30 * DAY_MS;

/** Facts of the installation: a sweep that waits for approval, and the approval. */
export const SWEEP_QUESTION_FACT = 'sweep_question';
export const SWEEP_APPROVAL_FACT = 'sweep_approval';
export const SweepQuestion = z.object({ hash: z.string(), count: z.int(), limit: z.int() });
const SweepApproval = z.object({ hash: z.string() });

type SweepDeps = Pick<ContentContext, 'db' | 'clock' | 'blobs' | 'blobGate' | 'log'> & {
  /** How long this process has run, by a monotonic clock. */
  readonly uptimeMs: () => number;
};

export interface SweepOutcome {
  readonly setAside: number;
  readonly takenBack: number;
  /** Deleted for good, after their time aside. */
  readonly forgotten: number;
  /** What needs approval, in a sentence; null: nothing. */
  readonly question: string | null;
}

/**
 * Cleans up content that no file and no part of an upload references: left by a process that was killed. It is set
 * aside first and kept for 30 days; content that a row references again is restored, and the rest is deleted then.
 * `planSweep` decides whether it may.
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
  const forgotten = await deleteOld(deps, aside.remaining, signal);
  if (plan.kind === 'ask') {
    await deps.db.transaction((tx) => tx.installationFacts.set(SWEEP_QUESTION_FACT, SweepQuestion.parse(plan)));
    return {
      ...none,
      forgotten,
      question: `${plan.count} stored contents belong to no file and no upload, which is more than ${plan.limit}: the database may be another one, or older than they are. Nothing was changed. If that is right, npm run confirm -- sweep sets them aside.`,
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
  await clearQuestion(deps);
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

/** Restores content that a row references again; the rest stays aside. Needs no approval, as nothing is lost by it. */
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

async function deleteOld(deps: SweepDeps, aside: readonly Aside[], signal: AbortSignal): Promise<number> {
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

async function clearQuestion({ db }: SweepDeps): Promise<void> {
  const asked = await db.read.installationFacts.find(SWEEP_QUESTION_FACT);
  const approved = await db.read.installationFacts.find(SWEEP_APPROVAL_FACT);
  if (asked === undefined && approved === undefined) return;
  await db.transaction(async (tx) => {
    await tx.installationFacts.remove(SWEEP_QUESTION_FACT);
    await tx.installationFacts.remove(SWEEP_APPROVAL_FACT);
  });
}
