import type { DeletionDecision } from './plan.ts';

export type StepKind = 'detach' | 'delete_file' | 'delete_store';
export type StepState = 'pending' | 'done' | 'parked' | 'cancelled';

export interface PlannedStep {
  readonly seq: number;
  readonly kind: StepKind;
  readonly storeId: string | null;
  readonly fileId: string | null;
}

/**
 * The steps of a decision in the order of rule 11: detach, delete file (and verify), then the store. Store by store, so
 * that a deletion that is given up half-way leaves most stores either complete or deleted. With all files kept, only
 * single attachments are removed: deleting a store detaches its files.
 */
export function toSteps(decision: DeletionDecision, files: 'delete' | 'keep'): readonly PlannedStep[] {
  const steps: PlannedStep[] = [];
  const add = (kind: StepKind, storeId: string | null, fileId: string | null) =>
    steps.push({ seq: steps.length + 1, kind, storeId, fileId });
  const goingStoreIds = new Set(decision.storeIds);
  const fileIdsByStore = new Map<string, string[]>();
  for (const file of [...decision.filesToDelete, ...decision.filesToKeep]) {
    for (const storeId of file.detachFrom) append(fileIdsByStore, storeId, file.id);
  }
  for (const [storeId, fileIds] of fileIdsByStore) {
    if (files === 'keep' && goingStoreIds.has(storeId)) continue;
    for (const fileId of fileIds) add('detach', storeId, fileId);
  }
  for (const file of decision.filesToDelete) add('delete_file', null, file.id);
  for (const storeId of decision.storeIds) add('delete_store', storeId, null);
  return steps;
}

export interface StepStatus {
  readonly seq: number;
  readonly kind: StepKind;
  readonly storeId: string | null;
  readonly fileId: string | null;
  readonly state: StepState;
}

/**
 * The dependencies between steps. A file is deleted after it is detached from every store of the plan; a store after
 * all its files are detached and those to be deleted are proven gone. So a parked step blocks only what would leave
 * orphans, and everything else proceeds. A file whose deletion was given up is kept, and nothing waits for it.
 */
export interface StepGraph {
  /** Takes the next step that may run now; undefined when none may (others may still be running). */
  take(): number | undefined;
  hasReady(): boolean;
  /** A step is done or given up: steps that waited only for it may run. */
  finish(seq: number): void;
}

export function createStepGraph(steps: readonly StepStatus[]): StepGraph {
  const waitsFor = new Map<number, Set<number>>();
  const waiters = new Map<number, number[]>();
  const detachesOfFile = new Map<string, StepStatus[]>();
  const detachesOfStore = new Map<string, StepStatus[]>();
  const deletionOfFile = new Map<string, StepStatus>();
  const ready: number[] = [];
  // Made runnable by a finished step: taken first, so that a store's last steps run before the next store's first.
  const freed: number[] = [];

  for (const step of steps) {
    if (step.kind === 'detach') {
      append(detachesOfFile, step.fileId ?? '', step);
      append(detachesOfStore, step.storeId ?? '', step);
    } else if (step.kind === 'delete_file') deletionOfFile.set(step.fileId ?? '', step);
  }
  for (const step of steps) {
    if (step.state !== 'pending') continue;
    const before = prerequisites(step).filter((other) => !isOver(other));
    if (before.length === 0) ready.push(step.seq);
    else {
      waitsFor.set(step.seq, new Set(before.map((other) => other.seq)));
      for (const other of before) append(waiters, other.seq, step.seq);
    }
  }
  let next = 0;

  function prerequisites(step: StepStatus): readonly StepStatus[] {
    if (step.kind === 'detach') return [];
    if (step.kind === 'delete_file') return detachesOfFile.get(step.fileId ?? '') ?? [];
    const detaches = detachesOfStore.get(step.storeId ?? '') ?? [];
    const deletions = detaches.flatMap((detach) => deletionOfFile.get(detach.fileId ?? '') ?? []);
    return [...detaches, ...deletions];
  }

  return {
    take() {
      const urgent = freed.pop();
      if (urgent !== undefined) return urgent;
      const seq = ready[next];
      if (seq !== undefined) next += 1;
      return seq;
    },
    hasReady: () => freed.length > 0 || next < ready.length,
    finish(seq) {
      for (const waiter of waiters.get(seq) ?? []) {
        const left = waitsFor.get(waiter);
        left?.delete(seq);
        if (left?.size === 0) {
          waitsFor.delete(waiter);
          freed.push(waiter);
        }
      }
      waiters.delete(seq);
    },
  };
}

function isOver(step: StepStatus): boolean {
  return step.state === 'done' || (step.state === 'cancelled' && step.kind === 'delete_file');
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
