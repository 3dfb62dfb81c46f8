import { describe, expect, it } from 'vitest';
import { createRunRecorder } from './run-recorder.ts';

function setUp() {
  let nowMs = 10_000;
  let changeCount = 0;
  const recorder = createRunRecorder({
    tenantId: 't',
    runId: 'run_1',
    connectionId: 'c',
    isDryRun: false,
    clock: { nowMs: () => nowMs },
    requestCount: () => 4,
    onProgress: () => {
      changeCount += 1;
    },
  });
  return {
    recorder,
    wait: (ms: number) => {
      nowMs += ms;
    },
    news: () => changeCount,
  };
}

describe('the run recorder', () => {
  it('measures each phase from its own start, and reports every step', () => {
    const { recorder, wait, news } = setUp();
    expect(recorder.progress()).toMatchObject({ phase: 'starting', done: 0, total: null });
    recorder.enterPhase('listing_attachments', 40);
    recorder.advance(10);
    wait(2_000);
    recorder.advance(10);
    expect(recorder.progress()).toEqual({
      phase: 'listing_attachments',
      done: 20,
      total: 40,
      ratePerSecond: 10,
      etaSeconds: 2,
      requests: 4,
    });
    recorder.enterPhase('listing_files', null);
    expect(recorder.progress()).toMatchObject({ phase: 'listing_files', done: 0, ratePerSecond: 0, etaSeconds: null });
    expect(news()).toBe(4);
  });

  it('keeps one draft per store until it is taken; showing it keeps it', () => {
    const { recorder } = setUp();
    const draft = recorder.change('vs_1', 'One');
    expect(recorder.change('vs_1', 'Other name')).toBe(draft);
    recorder.noteFile(draft, 'added', 'file-1');
    draft.action = 'added';
    const [record] = recorder.showChange('vs_1');
    expect(record).toMatchObject({
      tenantId: 't',
      runId: 'run_1',
      connectionId: 'c',
      storeId: 'vs_1',
      storeName: 'One',
      action: 'added',
      atMs: 10_000,
      filesAdded: 1,
      fileIds: { added: ['file-1'] },
    });
    expect(recorder.takeChange('vs_1')).toEqual([record]);
    expect(recorder.takeChange('vs_1')).toEqual([]);
    expect(recorder.showChange('vs_2')).toEqual([]);
  });

  it('counts every file of a change and names the first twenty', () => {
    const { recorder } = setUp();
    const draft = recorder.change('vs_1', null);
    for (let n = 0; n < 1_000; n += 1) recorder.noteFile(draft, 'removed', `file-${n}`);
    const [record] = recorder.takeAllChanges();
    expect(record?.filesRemoved).toBe(1_000);
    expect(record?.fileIds.removed).toEqual(Array.from({ length: 20 }, (_, n) => `file-${n}`));
    expect(recorder.takeAllChanges()).toEqual([]);
  });
});
