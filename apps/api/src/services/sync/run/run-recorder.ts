import { type FieldChange, measureProgress, type SyncPhase, type SyncProgress } from '@espejo/core';
import type { ChangeAction, SyncChangeRecord } from '@espejo/db';
import type { Clock } from '../../../ports.ts';
import type { RunCounters } from './run-counters.ts';
import { emptyCounters } from './run-row.ts';

/** Ids that a change names; the counts beside them are exact. */
const NAMED_IDS_MAX = 20;

/** The differences found in one store, collected while its listings go on. */
export interface ChangeDraft {
  readonly storeId: string;
  readonly storeName: string | null;
  action: ChangeAction;
  fields: readonly FieldChange[];
  message: string | null;
  readonly counts: { added: number; changed: number; removed: number; missing: number };
  readonly ids: { added: string[]; changed: string[]; removed: string[]; missing: string[] };
}

/** Counts, measures and describes one run. It does no I/O: callers write `onProgress` and the drafts. */
export interface RunRecorder {
  readonly counters: RunCounters;
  enterPhase(phase: SyncPhase, total: number | null): void;
  advance(done: number): void;
  progress(): SyncProgress;
  /** The draft of a store's change, created on first use with action `changed`. */
  change(storeId: string, storeName: string | null): ChangeDraft;
  noteFile(draft: ChangeDraft, kind: 'added' | 'changed' | 'removed' | 'missing', fileId: string): void;
  /** The change of one store so far, in its stored form; none when there is no difference. */
  showChange(storeId: string): readonly SyncChangeRecord[];
  /** The same for a finished change, whose draft is removed here; or for all. */
  takeChange(storeId: string): readonly SyncChangeRecord[];
  takeAllChanges(): readonly SyncChangeRecord[];
}

export function createRunRecorder(input: {
  tenantId: string;
  runId: string;
  connectionId: string;
  isDryRun: boolean;
  clock: Clock;
  requestCount: () => number;
  onProgress: () => void;
}): RunRecorder {
  const { clock } = input;
  const counters = emptyCounters();
  const drafts = new Map<string, ChangeDraft>();
  let phase: SyncPhase = 'starting';
  let done = 0;
  let total: number | null = null;
  let phaseStartedAtMs = clock.nowMs();

  const toRecord = (draft: ChangeDraft): SyncChangeRecord => ({
    tenantId: input.tenantId,
    runId: input.runId,
    connectionId: input.connectionId,
    isDryRun: input.isDryRun,
    atMs: clock.nowMs(),
    storeId: draft.storeId,
    storeName: draft.storeName,
    action: draft.action,
    fields: draft.fields,
    filesAdded: draft.counts.added,
    filesChanged: draft.counts.changed,
    filesRemoved: draft.counts.removed,
    filesMissing: draft.counts.missing,
    fileIds: draft.ids,
    message: draft.message,
  });

  function showChange(storeId: string): readonly SyncChangeRecord[] {
    const draft = drafts.get(storeId);
    return draft === undefined ? [] : [toRecord(draft)];
  }

  return {
    counters,
    enterPhase(next, nextTotal) {
      phase = next;
      total = nextTotal;
      done = 0;
      phaseStartedAtMs = clock.nowMs();
      input.onProgress();
    },
    advance(count) {
      done += count;
      input.onProgress();
    },
    progress: () =>
      measureProgress({ phase, done, total, requests: input.requestCount(), phaseStartedAtMs, nowMs: clock.nowMs() }),
    change(storeId, storeName) {
      let draft = drafts.get(storeId);
      if (draft === undefined) {
        draft = {
          storeId,
          storeName,
          action: 'changed',
          fields: [],
          message: null,
          counts: { added: 0, changed: 0, removed: 0, missing: 0 },
          ids: { added: [], changed: [], removed: [], missing: [] },
        };
        drafts.set(storeId, draft);
      }
      return draft;
    },
    noteFile(draft, kind, fileId) {
      draft.counts[kind] += 1;
      if (draft.ids[kind].length < NAMED_IDS_MAX) draft.ids[kind].push(fileId);
    },
    showChange,
    takeChange(storeId) {
      const change = showChange(storeId);
      drafts.delete(storeId);
      return change;
    },
    takeAllChanges() {
      const all = [...drafts.values()].map(toRecord);
      drafts.clear();
      return all;
    },
  };
}
