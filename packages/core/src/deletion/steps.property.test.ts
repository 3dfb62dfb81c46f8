import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeletionDecision } from './plan.ts';
import { createStepGraph, type StepState, type StepStatus, toSteps } from './steps.ts';

const decision: fc.Arbitrary<DeletionDecision> = fc
  .array(fc.uniqueArray(fc.nat(5), { maxLength: 4 }), { minLength: 1, maxLength: 8 })
  .chain((files) =>
    fc.array(fc.boolean(), { minLength: files.length, maxLength: files.length }).map((keeps) => {
      const all = files.map((stores, f) => ({ id: `file-${f}`, detachFrom: stores.map((s) => `vs_${s}`) }));
      return {
        storeIds: ['vs_0', 'vs_1', 'vs_2', 'vs_3', 'vs_4', 'vs_5'],
        filesToDelete: all.filter((_, f) => !keeps[f]),
        filesToKeep: all
          .filter((_, f) => keeps[f])
          .map((file) => ({ ...file, reason: 'shared' as const, sharedWith: [] })),
      };
    }),
  );

function pending(d: DeletionDecision): StepStatus[] {
  return toSteps(d, 'delete').map((step) => ({ ...step, state: 'pending' as StepState }));
}

/** Everything that must be over before a step may run (rule 11), computed without the graph. */
function mustPrecede(step: StepStatus, steps: readonly StepStatus[]): readonly StepStatus[] {
  if (step.kind === 'detach') return [];
  if (step.kind === 'delete_file') return steps.filter((s) => s.kind === 'detach' && s.fileId === step.fileId);
  const detaches = steps.filter((s) => s.kind === 'detach' && s.storeId === step.storeId);
  const files = new Set(detaches.map((s) => s.fileId));
  return [...detaches, ...steps.filter((s) => s.kind === 'delete_file' && files.has(s.fileId))];
}

describe('the order of deletion steps', () => {
  it('runs every step once, never before its dependencies, at any concurrency and in any order of completion', () => {
    fc.assert(
      fc.property(decision, fc.integer({ min: 1, max: 8 }), fc.infiniteStream(fc.nat(7)), (d, width, picks) => {
        const steps = pending(d);
        const graph = createStepGraph(steps);
        const done = new Set<number>();
        const running: number[] = [];
        for (;;) {
          while (running.length < width && graph.hasReady()) {
            const seq = graph.take();
            const step = steps.find((s) => s.seq === seq);
            if (seq === undefined || step === undefined) throw new Error('ready, but nothing to take');
            for (const before of mustPrecede(step, steps)) expect(done.has(before.seq)).toBe(true);
            expect(done.has(seq) || running.includes(seq)).toBe(false);
            running.push(seq);
          }
          if (running.length === 0) break;
          const pick = picks.next();
          const [seq] = running.splice((pick.done ? 0 : pick.value) % running.length, 1);
          if (seq === undefined) throw new Error('nothing was running');
          done.add(seq);
          graph.finish(seq);
        }
        expect(done.size).toBe(steps.length);
      }),
      { numRuns: 500 },
    );
  });

  it('finishes a store before it begins the next, unless they share a file', () => {
    const filesOf = fc.array(fc.nat(4), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(filesOf, (stores) => {
        const steps = pending({
          storeIds: [0, 1, 2, 3, 4].map((n) => `vs_${n}`),
          filesToDelete: stores.map((store, f) => ({ id: `file-${f}`, detachFrom: [`vs_${store}`] })),
          filesToKeep: [],
        });
        const graph = createStepGraph(steps);
        const order: string[] = [];
        for (let seq = graph.take(); seq !== undefined; seq = graph.take()) {
          const step = steps.find((s) => s.seq === seq);
          const file = step?.fileId?.slice('file-'.length);
          order.push(step?.storeId ?? `vs_${stores[Number(file)]}`);
          graph.finish(seq);
        }
        const visits = order.filter((store, i) => store !== order[i - 1]);
        expect(visits).toHaveLength(new Set(order).size);
      }),
    );
  });

  it('blocks exactly what depends on a parked step, and finishes everything else', () => {
    fc.assert(
      fc.property(decision, fc.nat(), (d, n) => {
        const steps = pending(d);
        const parked = steps[n % steps.length];
        if (parked === undefined) return;
        const graph = createStepGraph(steps);
        const done = new Set<number>();
        for (let seq = graph.take(); seq !== undefined; seq = graph.take()) {
          if (seq === parked.seq) continue;
          done.add(seq);
          graph.finish(seq);
        }
        for (const step of steps) {
          const isHeld = step.seq === parked.seq || isReachable(step, parked, steps);
          expect(done.has(step.seq)).toBe(!isHeld);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('continues after a crash with the remaining steps', () => {
    fc.assert(
      fc.property(decision, fc.infiniteStream(fc.boolean()), (d, coins) => {
        const steps = pending(d);
        const closed = new Set<number>();
        // A step is done only when all its dependencies are: a crash leaves such a state.
        for (const step of steps) {
          const coin = coins.next();
          if (coin.done || !coin.value) continue;
          if (mustPrecede(step, steps).every((s) => closed.has(s.seq))) closed.add(step.seq);
        }
        const left = steps.map((step) => ({ ...step, state: closed.has(step.seq) ? ('done' as const) : step.state }));
        const graph = createStepGraph(left);
        let count = closed.size;
        for (let seq = graph.take(); seq !== undefined; seq = graph.take()) {
          count += 1;
          graph.finish(seq);
        }
        expect(count).toBe(steps.length);
      }),
    );
  });

  it('does not wait for a file whose deletion was given up, but waits for an attachment that was not removed', () => {
    fc.assert(
      fc.property(decision, fc.nat(), (d, n) => {
        const steps = pending(d);
        const givenUp = steps[n % steps.length];
        if (givenUp === undefined) return;
        const graph = createStepGraph(
          steps.map((step) => (step === givenUp ? { ...step, state: 'cancelled' as const } : step)),
        );
        const done = new Set<number>();
        for (let seq = graph.take(); seq !== undefined; seq = graph.take()) {
          done.add(seq);
          graph.finish(seq);
        }
        for (const step of steps) {
          const isHeld = givenUp.kind !== 'delete_file' && isReachable(step, givenUp, steps);
          expect(done.has(step.seq)).toBe(step !== givenUp && !isHeld);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('detaches nothing from a deleted store when files are kept, and still removes single attachments', () => {
    fc.assert(
      fc.property(decision, fc.nat(6), (d, going) => {
        const storeIds = d.storeIds.slice(0, going);
        const filesToKeep = [...d.filesToDelete, ...d.filesToKeep].map((file) => ({
          ...file,
          reason: 'keep_requested' as const,
          sharedWith: [],
        }));
        const steps = toSteps({ storeIds, filesToDelete: [], filesToKeep }, 'keep');
        const ended = filesToKeep.flatMap(({ id, detachFrom }) =>
          detachFrom.filter((storeId) => !storeIds.includes(storeId)).map((storeId) => `${storeId}/${id}`),
        );
        const detached = steps.filter((s) => s.kind === 'detach').map((s) => `${s.storeId}/${s.fileId}`);
        expect(detached.toSorted()).toEqual(ended.toSorted());
        expect(steps.filter((s) => s.kind !== 'detach').map((s) => [s.kind, s.storeId])).toEqual(
          storeIds.map((id) => ['delete_store', id]),
        );
      }),
    );
  });
});

function isReachable(step: StepStatus, from: StepStatus, steps: readonly StepStatus[]): boolean {
  return mustPrecede(step, steps).some((before) => before.seq === from.seq || isReachable(before, from, steps));
}
