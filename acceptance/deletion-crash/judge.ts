import type { Deletion, DeletionStep } from '@espejo/contracts';
import { holdingsOf, type Pair, type World } from './world.ts';

/** The result of a deletion as Espejo reports it. */
export interface Ledger {
  readonly deletion: Deletion;
  readonly steps: readonly DeletionStep[];
  /** Audit actions of the deletion, oldest first. */
  readonly audit: readonly string[];
  /** It was parked and retried. */
  readonly isRetried: boolean;
}

/** Returns the invariants that a deletion violates after any sequence of kills. Independent of its implementation. */
export function findBrokenInvariants(world: World, ledger: Ledger): string[] {
  return [...judgeActs(world), ...judgeUpstream(world, ledger), ...judgeLedger(world, ledger)];
}

/** Every write upstream must be in the plan. */
function judgeActs({ sandbox, chosenIds, ended, before, plan }: World): string[] {
  const fileIds = new Set(plan?.filesToDelete.map((file) => file.id));
  const broken: string[] = [];
  for (const { method, path } of sandbox.requests.entries) {
    if (method === 'GET') continue;
    const [kind, storeId = '', sub, fileId = ''] = path.slice(1).split('/');
    const pair: Pair = `${storeId}/${fileId}`;
    const isPlanned =
      method === 'DELETE' &&
      (kind === 'files'
        ? fileIds.has(storeId)
        : sub === undefined
          ? chosenIds.has(storeId)
          : (chosenIds.has(storeId) && before.pairs.has(pair)) || ended.has(pair));
    if (!isPlanned) broken.push(`${method} ${path}: no part of the plan`);
  }
  return broken;
}

/** Upstream must contain exactly what it contained before, without the plan's objects and with its users' changes. */
function judgeUpstream(world: World, { steps }: Ledger): string[] {
  const { scenario, chosenIds, ended, before, since, plan, sandbox } = world;
  const now = holdingsOf(sandbox);
  const broken: string[] = [];
  const isParked = since.intruders.size > 0;

  for (const id of before.storeIds) {
    const isGone = !now.storeIds.has(id);
    if (chosenIds.has(id) && !isGone && !isParked) broken.push(`store ${id}: still there`);
    if (!chosenIds.has(id) && isGone && !since.deletedStores.has(id))
      broken.push(`store ${id}: gone, and outside the plan`);
  }

  // Attachments of stores outside the plan; those that the plan detaches are checked separately.
  const isOutside = (pair: Pair) => !chosenIds.has(pair.slice(0, pair.indexOf('/'))) && !ended.has(pair);
  const expected = new Set([...before.pairs].filter((pair) => isOutside(pair) && !since.detached.has(pair)));
  for (const pair of since.attached) if (isOutside(pair)) expected.add(pair);
  for (const pair of now.pairs) {
    if (ended.has(pair) && !since.attached.has(pair)) broken.push(`membership ${pair}: still there`);
  }
  for (const pair of expected) {
    const [storeId = '', fileId = ''] = pair.split('/');
    if (since.deletedStores.has(storeId)) continue;
    if (!now.fileIds.has(fileId) && scenario.ghostMode !== 'listed') continue;
    if (!now.pairs.has(pair)) broken.push(`membership ${pair}: ended, and outside the plan`);
  }
  for (const pair of now.pairs) {
    if (isOutside(pair) && !expected.has(pair)) broken.push(`membership ${pair}: no user made it`);
  }

  const going = new Set(plan?.filesToDelete.map((file) => file.id));
  const keptSince = new Set(steps.filter((step) => step.state === 'cancelled').map((step) => step.fileId));
  for (const id of new Set([...before.fileIds, ...since.intruders])) {
    const isGone = !now.fileIds.has(id);
    // A file that upstream's users deleted also lost its attachments.
    const isHeldOutside = [...expected].some(
      (pair) => pair.endsWith(`/${id}`) && !since.deletedStores.has(pair.slice(0, pair.indexOf('/'))),
    );
    if (isGone && !going.has(id) && !since.deletedFiles.has(id)) broken.push(`file ${id}: lost`);
    if (isGone && isHeldOutside && !since.deletedFiles.has(id)) broken.push(`file ${id}: lost to a store that uses it`);
    // Kept because another store used it when the plan was checked again; a user detached it later.
    const isUsersOrphan = keptSince.has(id) && (since.detached.size > 0 || since.deletedStores.size > 0);
    if (!isGone && going.has(id) && !isHeldOutside && !isParked && !isUsersOrphan)
      broken.push(`file ${id}: an orphan is left`);
  }
  return broken;
}

function judgeLedger({ since, sandbox }: World, { deletion, steps, audit, isRetried }: Ledger): string[] {
  const broken: string[] = [];
  const now = holdingsOf(sandbox);
  const isParked = since.intruders.size > 0;
  const status = deletion.status;
  if (status !== 'succeeded' && !(isParked && status === 'parked'))
    broken.push(`the deletion ended ${status}: ${deletion.message}`);
  if (deletion.steps.pending > 0) broken.push(`${deletion.steps.pending} steps are pending`);
  for (const step of steps) {
    const what = `step ${step.kind} ${step.storeId ?? ''} ${step.fileId ?? ''}`;
    if (step.state === 'parked' && !/was added to the store|^Waits for another step/.test(step.reason ?? '')) {
      broken.push(`${what}: parked: ${step.reason}`);
    }
    if (step.state === 'cancelled') {
      const isKept = step.kind === 'delete_file' && /^Kept, not deleted/.test(step.reason ?? '');
      if (!isKept) broken.push(`${what}: cancelled: ${step.reason}`);
      else if (!now.fileIds.has(step.fileId ?? '') && !since.deletedFiles.has(step.fileId ?? ''))
        broken.push(`${what}: reported as kept but gone`);
    }
    if (step.state === 'done' && step.kind === 'delete_file' && now.fileIds.has(step.fileId ?? ''))
      broken.push(`${what}: reported as done but still there`);
    if (step.state === 'done' && step.kind === 'delete_store' && now.storeIds.has(step.storeId ?? ''))
      broken.push(`${what}: reported as done but still there`);
  }
  const wait = isRetried ? ['deletion.parked', 'deletion.retried'] : [];
  const wanted = ['deletion.requested', ...wait, `deletion.${status}`];
  if (audit.join() !== wanted.join()) broken.push(`the audit has ${audit.join(', ')}`);
  return broken;
}
