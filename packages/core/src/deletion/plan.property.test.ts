import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideDeletion, diffDecisions, hashDeletionPlan, type PlanInput } from './plan.ts';
import { toSteps } from './steps.ts';

/** A small world: files, and the stores they are attached to. */
interface World {
  readonly stores: readonly (readonly number[])[];
  readonly inPlan: readonly boolean[];
  readonly named: readonly number[];
  readonly otherTenant: readonly boolean[];
  readonly purposes: readonly string[];
  readonly agesS: readonly number[];
  readonly ghosts: readonly boolean[];
  readonly inTools: readonly boolean[];
  readonly ended: readonly (readonly [number, number])[];
  readonly files: 'delete' | 'keep';
}

const FILES = 8;
const NOW_S = 1_800_000_000;
const GRACE_S = 3600;

const world: fc.Arbitrary<World> = fc
  .record({
    stores: fc.array(fc.uniqueArray(fc.nat(FILES - 1)), { minLength: 1, maxLength: 6 }),
    named: fc.uniqueArray(fc.nat(FILES - 1), { maxLength: 3 }),
    otherTenant: fc.array(fc.boolean(), { minLength: FILES, maxLength: FILES }),
    purposes: fc.array(fc.constantFrom('assistants', 'assistants', 'user_data', 'batch'), {
      minLength: FILES,
      maxLength: FILES,
    }),
    agesS: fc.array(fc.constantFrom(0, GRACE_S - 1, GRACE_S, 10 * GRACE_S), { minLength: FILES, maxLength: FILES }),
    ghosts: fc.array(fc.constantFrom(false, false, false, true), { minLength: FILES, maxLength: FILES }),
    inTools: fc.array(fc.constantFrom(false, false, true), { minLength: FILES, maxLength: FILES }),
    files: fc.constantFrom('delete', 'delete', 'keep'),
  })
  .chain((base) =>
    fc
      .record({
        inPlan: fc.array(fc.boolean(), { minLength: base.stores.length, maxLength: base.stores.length }),
        endedBits: fc.array(fc.constantFrom(false, false, true), { minLength: 64, maxLength: 64 }),
      })
      .map(({ inPlan, endedBits }) => ({
        ...base,
        inPlan,
        ended: base.stores.flatMap((files, s) =>
          inPlan[s] === true ? [] : files.filter((f) => endedBits[s * FILES + f] === true).map((f) => [s, f] as const),
        ),
      })),
  );

const storeId = (s: number) => `vs_${s}`;
const fileId = (f: number) => `file-${f}`;

function toInput(w: World): PlanInput {
  const hasEnded = (s: number, f: number) => w.ended.some(([es, ef]) => es === s && ef === f);
  return {
    stores: w.stores.flatMap((files, s) => (w.inPlan[s] ? [{ id: storeId(s), fileIds: files.map(fileId) }] : [])),
    attachments: w.ended.map(([s, f]) => ({ storeId: storeId(s), fileId: fileId(f) })),
    fileIds: w.named.map(fileId),
    referencesTo: (id) => {
      const f = Number(id.slice(5));
      return {
        storeIds: w.stores.flatMap((files, s) =>
          !w.inPlan[s] && files.includes(f) && !hasEnded(s, f) ? [storeId(s)] : [],
        ),
        isOtherTenant: w.otherTenant[f] === true,
      };
    },
    factsOf: (id) => {
      const f = Number(id.slice(5));
      return w.ghosts[f]
        ? undefined
        : { purpose: w.purposes[f] ?? 'assistants', createdAtS: NOW_S - (w.agesS[f] ?? 0) };
    },
    isUsedByTool: (id) => w.inTools[Number(id.slice(5))] === true,
    files: w.files,
    nowS: NOW_S,
    freshGraceS: GRACE_S,
  };
}

/** What is left after a decision is carried out step by step, without any other rule. */
function carryOut(w: World, decision: ReturnType<typeof decideDeletion>) {
  const holds = new Map(w.stores.map((files, s) => [storeId(s), new Set(files.map(fileId))]));
  const deleted = new Set<string>();
  const detached = new Set<string>();
  for (const step of toSteps(decision, w.files)) {
    if (step.kind === 'detach') {
      holds.get(step.storeId ?? '')?.delete(step.fileId ?? '');
      detached.add(`${step.storeId}/${step.fileId}`);
    } else if (step.kind === 'delete_file') {
      const holders = [...holds].filter(([, files]) => files.has(step.fileId ?? ''));
      expect(holders, 'a file is deleted only when no store holds it any more').toEqual([]);
      deleted.add(step.fileId ?? '');
    } else {
      if (w.files === 'delete')
        expect([...(holds.get(step.storeId ?? '') ?? [])], 'a store is empty when it goes').toEqual([]);
      holds.delete(step.storeId ?? '');
    }
  }
  return { holds, deleted, detached };
}

describe('a deletion plan', () => {
  it('never deletes a file with a reference outside the plan, and leaves every other store unchanged', () => {
    fc.assert(
      fc.property(world, (w) => {
        const { holds, deleted } = carryOut(w, decideDeletion(toInput(w)));
        w.stores.forEach((files, s) => {
          if (w.inPlan[s]) return;
          const ended = w.ended.filter(([es]) => es === s).map(([, f]) => fileId(f));
          const left = files.map(fileId).filter((id) => !ended.includes(id));
          expect([...(holds.get(storeId(s)) ?? [])].sort()).toEqual(left.sort());
          for (const id of left) expect(deleted.has(id)).toBe(false);
        });
        w.otherTenant.forEach((isHeld, f) => {
          if (isHeld) expect(deleted.has(fileId(f))).toBe(false);
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('deletes exactly the files that only its stores use and no tool is known to use: no orphan is left behind', () => {
    fc.assert(
      fc.property(world, (w) => {
        fc.pre(w.files === 'delete');
        const { deleted } = carryOut(w, decideDeletion(toInput(w)));
        for (let f = 0; f < FILES; f += 1) {
          const holders = w.stores.flatMap((files, s) => (files.includes(f) ? [s] : []));
          const inPlan = holders.filter((s) => w.inPlan[s] || w.ended.some(([es, ef]) => es === s && ef === f));
          const isExclusive = holders.length > 0 && inPlan.length === holders.length && !w.otherTenant[f];
          const isFree = w.purposes[f] === 'assistants' && !w.inTools[f];
          if (isExclusive && (w.ghosts[f] || isFree)) expect(deleted.has(fileId(f))).toBe(true);
          if (!w.ghosts[f] && w.inTools[f]) expect(deleted.has(fileId(f))).toBe(false);
          if (!w.ghosts[f] && w.purposes[f] !== 'assistants') expect(deleted.has(fileId(f))).toBe(false);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('detaches a file that a tool uses, and does not delete it', () => {
    const decided = decideDeletion({
      stores: [{ id: 'vs_a', fileIds: ['file-1', 'file-2'] }],
      fileIds: ['file-3'],
      referencesTo: () => ({ storeIds: [], isOtherTenant: false }),
      factsOf: () => ({ purpose: 'assistants', createdAtS: 0 }),
      isUsedByTool: (id) => id !== 'file-2',
      files: 'delete',
      nowS: NOW_S,
      freshGraceS: GRACE_S,
    });
    expect(decided.filesToDelete).toEqual([{ id: 'file-2', detachFrom: ['vs_a'] }]);
    expect(decided.filesToKeep).toEqual([
      { id: 'file-1', detachFrom: ['vs_a'], reason: 'used_by_tool', sharedWith: [] },
      { id: 'file-3', detachFrom: [], reason: 'used_by_tool', sharedWith: [] },
    ]);
    const hashOf = (tools: readonly ('containers' | 'threads')[]) => hashDeletionPlan(decided, 'delete', [], tools);
    expect(hashOf(['threads', 'containers'])).toBe(hashOf(['containers', 'threads']));
    expect(hashOf([])).not.toBe(hashOf(['threads']));
  });

  it('keeps a named file in no store during the grace period, and deletes it from the second that it ends', () => {
    const decide = (ageS: number) =>
      decideDeletion({
        stores: [],
        fileIds: ['file-1'],
        referencesTo: () => ({ storeIds: [], isOtherTenant: false }),
        factsOf: () => ({ purpose: 'assistants', createdAtS: NOW_S - ageS }),
        files: 'delete',
        nowS: NOW_S,
        freshGraceS: GRACE_S,
      });
    expect(decide(GRACE_S - 1).filesToKeep).toMatchObject([{ id: 'file-1', reason: 'too_fresh' }]);
    expect(decide(GRACE_S).filesToDelete).toEqual([{ id: 'file-1', detachFrom: [] }]);
  });

  it('keeps a file that exists but of which nothing else is known yet', () => {
    const decided = decideDeletion({
      stores: [{ id: 'vs_a', fileIds: ['file-new', 'file-dead'] }],
      fileIds: [],
      referencesTo: () => ({ storeIds: [], isOtherTenant: false }),
      factsOf: (id) => (id === 'file-new' ? 'unlisted' : undefined),
      files: 'delete',
      nowS: NOW_S,
      freshGraceS: GRACE_S,
    });
    expect(decided.filesToDelete.map((file) => file.id)).toEqual(['file-dead']);
    expect(decided.filesToKeep).toMatchObject([{ id: 'file-new', reason: 'too_fresh', detachFrom: ['vs_a'] }]);
  });

  it('deletes a file that two of its stores share, and keeps it when a store outside also has it', () => {
    const base = {
      stores: [
        { id: 'vs_a', fileIds: ['file-s'] },
        { id: 'vs_b', fileIds: ['file-s'] },
      ],
      fileIds: [],
      factsOf: () => ({ purpose: 'assistants', createdAtS: 0 }),
      files: 'delete' as const,
      nowS: NOW_S,
      freshGraceS: GRACE_S,
    };
    const alone = decideDeletion({ ...base, referencesTo: () => ({ storeIds: [], isOtherTenant: false }) });
    expect(alone.filesToDelete).toEqual([{ id: 'file-s', detachFrom: ['vs_a', 'vs_b'] }]);
    const shared = decideDeletion({ ...base, referencesTo: () => ({ storeIds: ['vs_c'], isOtherTenant: false }) });
    expect(shared.filesToDelete).toEqual([]);
    expect(shared.filesToKeep).toEqual([
      { id: 'file-s', detachFrom: ['vs_a', 'vs_b'], reason: 'shared', sharedWith: ['vs_c'] },
    ]);
  });

  it('has one hash for one decision, whatever the order of the request', () => {
    fc.assert(
      fc.property(world, (w) => {
        const input = toInput(w);
        const turned = {
          ...input,
          stores: [...input.stores].reverse().map((store) => ({ ...store, fileIds: [...store.fileIds].reverse() })),
          fileIds: [...input.fileIds].reverse(),
          attachments: [...(input.attachments ?? [])].reverse(),
          referencesTo: (id: string) => {
            const holders = input.referencesTo(id);
            return { ...holders, storeIds: [...holders.storeIds].reverse() };
          },
        };
        const [a, b] = [decideDeletion(input), decideDeletion(turned)];
        expect(hashDeletionPlan(b, w.files, [])).toBe(hashDeletionPlan(a, w.files, []));
        expect(Object.values(diffDecisions(a, b)).flat()).toEqual([]);
      }),
    );
  });

  it('has another hash as soon as anything that was shown changes', () => {
    fc.assert(
      fc.property(world, fc.nat(FILES - 1), (w, f) => {
        const moved: World = { ...w, otherTenant: w.otherTenant.map((held, i) => (i === f ? !held : held)) };
        const [a, b] = [decideDeletion(toInput(w)), decideDeletion(toInput(moved))];
        const isSame = JSON.stringify(a) === JSON.stringify(b);
        expect(hashDeletionPlan(a, w.files, []) === hashDeletionPlan(b, w.files, [])).toBe(isSame);
      }),
    );
  });

  it('has another hash when other agents use or require the stores, but not when only their order changes', () => {
    const use = fc.record({
      storeId: fc.constantFrom('vs_1', 'vs_2'),
      agentKey: fc.constantFrom('a', 'b', 'a","b'),
      mode: fc.constantFrom('required' as const, 'default' as const),
    });
    const uses = fc.uniqueArray(use, { selector: ({ storeId, agentKey }) => JSON.stringify([storeId, agentKey]) });
    fc.assert(
      fc.property(world, uses, uses, (w, one, other) => {
        const decision = decideDeletion(toInput(w));
        const hashOf = (list: typeof one) => hashDeletionPlan(decision, w.files, list);
        const asSet = (list: typeof one) => list.map((entry) => JSON.stringify(entry)).sort();
        expect(hashOf(one.toReversed())).toBe(hashOf(one));
        expect(hashOf(one) === hashOf(other)).toBe(JSON.stringify(asSet(one)) === JSON.stringify(asSet(other)));
      }),
    );
  });
});
