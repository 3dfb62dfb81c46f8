import type { ProjectSnapshot } from '@espejo/sandbox';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Asked, createDeletionHarness, ORPHAN_GRACE_S } from '../../testing/deletion-harness.ts';
import { CONNECTION_ID, HOUR_MS } from '../../testing/sync-harness.ts';

const FILES = 10;
const STORES = 5;
const RUNS = 40;

interface World {
  /** Files of each store at the sync. */
  readonly stores: readonly (readonly number[])[];
  readonly userData: readonly number[];
  /** Changes upstream after the sync: attach, detach or delete file `f` in store `s`. */
  readonly since: readonly {
    readonly verb: 'attach' | 'detach' | 'delete file' | 'new store';
    readonly s: number;
    readonly f: number;
  }[];
  readonly ghostMode: 'none' | 'listed' | 'counted';
  readonly chosen: readonly number[];
  readonly named: readonly number[];
  readonly ended: readonly (readonly [number, number])[];
  readonly orphans: boolean;
  readonly files: 'delete' | 'keep';
  readonly isFresh: boolean;
}

const file = fc.nat(FILES - 1);
const store = fc.nat(STORES - 1);
const world: fc.Arbitrary<World> = fc.record({
  stores: fc.array(fc.uniqueArray(file, { maxLength: 5 }), { minLength: STORES, maxLength: STORES }),
  userData: fc.uniqueArray(file, { maxLength: 2 }),
  since: fc.array(
    fc.record({ verb: fc.constantFrom('attach', 'attach', 'detach', 'delete file', 'new store'), s: store, f: file }),
    { maxLength: 6 },
  ),
  ghostMode: fc.constantFrom('none', 'none', 'listed', 'counted'),
  chosen: fc.uniqueArray(store, { maxLength: 3 }),
  named: fc.uniqueArray(file, { maxLength: 2 }),
  ended: fc.uniqueArray(fc.tuple(store, file), { maxLength: 3, selector: ([s, f]) => `${s}/${f}` }),
  orphans: fc.boolean(),
  files: fc.constantFrom('delete', 'delete', 'delete', 'keep'),
  isFresh: fc.boolean(),
});

interface Outcome {
  readonly stores: readonly string[];
  readonly files: readonly string[];
  readonly attachments: readonly string[];
}

/** The expected rest of a project, computed independently of the plan. */
function expectedAfter(before: ProjectSnapshot, asked: Required<Asked>, nowS: number): Outcome {
  const chosen = new Set(asked.storeIds);
  const held = [...before.attachments].flatMap(([storeId, rows]) => rows.map((row) => ({ storeId, fileId: row.id })));
  const isEnded = (pair: { storeId: string; fileId: string }) =>
    asked.attachments.some(({ storeId, fileId }) => storeId === pair.storeId && fileId === pair.fileId);
  const goes = held.filter((pair) => chosen.has(pair.storeId) || isEnded(pair));
  const stays = held.filter((pair) => !goes.includes(pair));
  const isHeldElsewhere = (id: string) => stays.some((pair) => pair.fileId === id);
  const isDeleted = (row: ProjectSnapshot['files'][number]): boolean => {
    if (asked.files === 'keep' || isHeldElsewhere(row.id) || row.purpose !== 'assistants') return false;
    if (goes.some((pair) => pair.fileId === row.id)) return true;
    const isOld = nowS - Number(row.created_at) >= ORPHAN_GRACE_S;
    return isOld && (asked.fileIds.includes(row.id) || asked.orphans);
  };
  return {
    stores: before.stores
      .map((row) => row.id)
      .filter((id) => !chosen.has(id))
      .sort(),
    files: before.files
      .filter((row) => !isDeleted(row))
      .map((row) => row.id)
      .sort(),
    attachments: stays.map(({ storeId, fileId }) => `${storeId}/${fileId}`).sort(),
  };
}

function outcomeOf(snapshot: ProjectSnapshot): Outcome {
  return {
    stores: snapshot.stores.map((row) => row.id).sort(),
    files: snapshot.files.map((row) => row.id).sort(),
    attachments: [...snapshot.attachments].flatMap(([id, rows]) => rows.map((row) => `${id}/${row.id}`)).sort(),
  };
}

async function play(w: World): Promise<void> {
  const h = await createDeletionHarness({ sandbox: { ghostMode: w.ghostMode } });
  const { state } = h.sandbox;
  const fileIds = Array.from({ length: FILES }, (_, i) => {
    const purpose = w.userData.includes(i) ? 'user_data' : 'assistants';
    return state.createFile({ filename: `f${i}.txt`, content: `text ${i}`, purpose }).id;
  });
  const fileOf = (f: number) => fileIds[f] ?? '';
  const storeIds = w.stores.map((files, s) => state.createStore({ name: `S${s}`, fileIds: files.map(fileOf) }).id);
  const storeOf = (s: number) => storeIds[s] ?? '';
  if (!w.isFresh) h.clock.advance(2 * HOUR_MS);
  await h.sync();
  for (const { verb, s, f } of w.since) {
    const isThere = state.fileIds().includes(fileOf(f));
    const isAttached = state.project.stores.get(storeOf(s))?.attachments.get(fileOf(f)) !== undefined;
    if (verb === 'attach' && isThere) state.attach({ storeId: storeOf(s), fileId: fileOf(f) });
    if (verb === 'detach' && isAttached) state.detach(storeOf(s), fileOf(f));
    if (verb === 'delete file' && isThere) state.deleteFile(fileOf(f));
    if (verb === 'new store' && isThere) state.createStore({ name: 'new', fileIds: [fileOf(f)] });
  }
  const asked: Required<Asked> = {
    storeIds: w.chosen.map(storeOf),
    fileIds: w.named.map(fileOf),
    attachments: w.ended.map(([s, f]) => ({ storeId: storeOf(s), fileId: fileOf(f) })),
    orphans: w.orphans,
    orphansOf: undefined,
    filter: null,
    exceptStoreIds: undefined,
    files: w.files,
  };
  const expected = expectedAfter(state.snapshot(), asked, Math.floor(h.clock.nowMs() / 1000));
  const plan = await h.plan(asked);
  const isNothing = plan.counts.stores + plan.counts.filesToDelete + plan.counts.attachmentsToDetach === 0;
  if (!isNothing) {
    const id = await h.start(plan.planHash);
    await h.deps.deletionWorkers.idle();
    expect(await h.get(id)).toMatchObject({ status: 'succeeded', steps: { pending: 0, parked: 0, cancelled: 0 } });
  }
  expect(outcomeOf(state.snapshot())).toEqual(expected);

  // The mirror has removed the deleted rows, and nothing else.
  const mirrored = h.mirror(CONNECTION_ID);
  for (const id of w.chosen.map(storeOf)) expect(mirrored.stores[id]).toBeUndefined();
  for (const id of storeIds.filter((each) => expected.stores.includes(each))) expect(mirrored.stores[id]).toBeDefined();
  for (const id of fileIds.filter((each) => expected.files.includes(each))) expect(mirrored.files[id]).toBeDefined();
  await h.deps.deletionWorkers.stop();
}

it(`a deletion leaves upstream as an oracle computes it, for random projects and requests (${RUNS} cases)`, async () => {
  await fc.assert(fc.asyncProperty(world, play), { numRuns: RUNS });
});
