import type { SyncChange, SyncRun } from '@espejo/contracts';
import { describe, expect, it } from 'vitest';
import { NAMED_MAX, reportCheck, worstOf } from './sync-check.mjs';

type PlanPart = NonNullable<SyncRun['plan']>['stores'];

const NOTHING: PlanPart = { added: 0, changed: 0, missing: 0, removed: 0, removals: [] };
const COUNTERS = { seen: 7, added: 0, changed: 0, returned: 0, missing: 0, removed: 0, failed: 0 };
const NO_CHANGES = { data: [], total: 0 };

function run(more: Partial<SyncRun> = {}, plan: Partial<NonNullable<SyncRun['plan']>> | null = {}): SyncRun {
  return {
    id: 'run_1',
    connectionId: 'conn_1',
    connectionName: 'Production',
    trigger: 'manual',
    dryRun: true,
    full: true,
    status: 'succeeded',
    startedAt: 1,
    finishedAt: 3,
    durationMs: 2345,
    progress: { phase: 'done', done: 0, total: null, ratePerSecond: 0, etaSeconds: null, requests: 9 },
    requests: 9,
    rateLimited: 0,
    counters: { stores: COUNTERS, attachments: COUNTERS, files: COUNTERS },
    isComplete: true,
    plan:
      plan === null
        ? null
        : { hash: 'h', isInSync: true, reasons: [], stores: NOTHING, attachments: NOTHING, files: NOTHING, ...plan },
    error: null,
    approvedAt: null,
    review: null,
    ...more,
  };
}

function change(more: Partial<SyncChange>): SyncChange {
  return {
    id: 'run_1:vs_1',
    runId: 'run_1',
    at: 1,
    action: 'changed',
    storeId: 'vs_1',
    storeName: 'One',
    fields: [],
    filesAdded: 0,
    filesChanged: 0,
    filesRemoved: 0,
    filesMissing: 0,
    fileIds: { added: [], changed: [], removed: [], missing: [] },
    message: null,
    ...more,
  };
}

describe('the report of npm run sync:check', () => {
  it('is one line with what was compared when nothing differs', () => {
    expect(reportCheck(run(), NO_CHANGES)).toEqual({
      lines: ['Production: 7 stores, 7 attached files and 7 files compared, 9 requests, 2.3 s', 'In sync.'],
      code: 0,
    });
  });

  it('shows each difference with its symbol and the fields that differ', () => {
    const data = [
      change({ action: 'added', filesAdded: 3 }),
      change({ action: 'returned', storeId: 'vs_2', storeName: null }),
      change({ action: 'missing', storeId: 'vs_3', storeName: 'Quote "me"\n' }),
      change({
        storeId: 'vs_4',
        fields: [
          { field: 'name', before: 'a', after: 'b' },
          { field: 'metadata', before: {}, after: null },
        ],
        filesChanged: 1,
        filesMissing: 2,
        filesRemoved: 3,
      }),
    ];
    const plan = {
      isInSync: false,
      stores: { ...NOTHING, added: 2, changed: 1, missing: 1 },
      files: { ...NOTHING, removed: 4 },
    };
    const { lines, code } = reportCheck(run({}, plan), { data, total: 4 });
    expect(code).toBe(1);
    expect(lines.slice(1)).toEqual([
      '  + vs_1  "One"  (files +3)',
      '  + vs_2',
      '  − vs_3  "Quote \\"me\\"\\n"',
      '  * vs_4  "One"  (name, metadata; files *1 −5)',
      '  stores: +2 *1 −1',
      '  files: −4',
      'Drift.',
    ]);
  });

  it('counts the differences that it does not list', () => {
    const data = Array.from({ length: NAMED_MAX }, (_, i) => change({ storeId: `vs_${i}` }));
    const { lines } = reportCheck(run({}, { isInSync: false }), { data, total: NAMED_MAX + 5 });
    expect(lines).toContain('  … and 5 more stores');
    expect(lines.filter((line) => line.startsWith('  *'))).toHaveLength(NAMED_MAX);
  });

  it('is drift with the reason when a review would be needed', () => {
    const reason = {
      code: 'empty_listing',
      kind: 'vector_stores',
      value: 0,
      limit: 1,
      known: 9,
      message: 'Nothing listed.',
    } as const;
    const { lines, code } = reportCheck(
      run({ status: 'needs_review' }, { isInSync: false, reasons: [reason] }),
      NO_CHANGES,
    );
    expect(code).toBe(1);
    expect(lines).toContain('  ! Nothing listed.');
    expect(lines.at(-1)).toMatch(/^Drift.*review/);
  });

  it.each(['failed', 'partial', 'cancelled'] as const)(
    'has no result when the comparison %s, whatever it had found',
    (status) => {
      const error = { code: 'upstream_unavailable', message: 'Upstream failed.' };
      const failed = change({ action: 'failed', message: 'Upstream failed.' });
      const { lines, code } = reportCheck(run({ status, error }), { data: [failed], total: 1 });
      expect(code).toBe(2);
      expect(lines).toContain('  ! vs_1  "One"  (Upstream failed.)');
      expect(lines.at(-1)).toBe(`Not checked (${status}): Upstream failed.`);
    },
  );

  it('has no result without a plan', () => {
    expect(reportCheck(run({}, null), NO_CHANGES).code).toBe(2);
  });
});

it('the result over several connections is the worst one', () => {
  const report = (code: 0 | 1 | 2) => ({ lines: [], code });
  expect(worstOf([report(0), report(1), report(0)])).toBe(1);
  expect(worstOf([report(1), report(2), report(0)])).toBe(2);
  expect(worstOf([report(0)])).toBe(0);
});
