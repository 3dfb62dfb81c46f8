import { describe, expect, it } from 'vitest';
import { freshnessProblems, syncIntervalSeconds } from './freshness.ts';

const NOW = 1_800_000_000;
type Facts = Parameters<typeof freshnessProblems>[0][number];

function connection(over: Partial<Facts>): Facts {
  return {
    id: 'c',
    name: 'Acme',
    isEnabled: true,
    isSyncEnabled: true,
    nextTicks: [NOW + 100, NOW + 400, NOW + 700],
    health: { status: 'ok', message: null, checkedAt: NOW },
    lastCompleteSyncAt: NOW - 200,
    activeRunId: null,
    ...over,
  };
}
const problemOf = (over: Partial<Facts>) => freshnessProblems([connection(over)], NOW)[0];

describe('freshnessProblems', () => {
  it('reports nothing while every connection is healthy and fresh', () => {
    expect(problemOf({})).toBeUndefined();
    expect(problemOf({ lastCompleteSyncAt: NOW - 600 })).toBeUndefined();
  });

  it('warns after two missed syncs, but not while a sync runs', () => {
    expect(problemOf({ lastCompleteSyncAt: NOW - 601 })).toMatchObject({
      tone: 'warning',
      detail: 'Its data is from 10 min ago. A sync is due every 5 min.',
    });
    expect(problemOf({ lastCompleteSyncAt: NOW - 601, activeRunId: 'run' })).toBeUndefined();
  });

  it('measures a weekday schedule by its longest gap', () => {
    const nightly = [NOW + 3600, NOW + 90_000, NOW + 349_200];
    expect(syncIntervalSeconds(connection({ nextTicks: nightly }))).toBe(259_200);
    expect(problemOf({ nextTicks: nightly, lastCompleteSyncAt: NOW - 300_000 })).toBeUndefined();
  });

  it('reports a rejected key immediately as danger, with the message of the API', () => {
    expect(
      problemOf({ health: { status: 'unauthorized', message: 'OpenAI answered 401.', checkedAt: NOW } }),
    ).toMatchObject({ tone: 'danger', detail: 'OpenAI answered 401. Its data is from 3 min ago.' });
  });

  it('reports a connection without a schedule only after a day', () => {
    expect(problemOf({ isSyncEnabled: false, nextTicks: [] })).toBeUndefined();
    expect(problemOf({ isSyncEnabled: false, nextTicks: [], lastCompleteSyncAt: NOW - 90_000 })?.tone).toBe('info');
  });

  it('sorts the most severe problem first', () => {
    const problems = freshnessProblems(
      [
        connection({ id: 'off', isEnabled: false }),
        connection({ id: 'late', lastCompleteSyncAt: NOW - 9000 }),
        connection({ id: 'bad', health: { status: 'forbidden', message: null, checkedAt: NOW } }),
      ],
      NOW,
    );
    expect(problems.map((problem) => problem.connectionId)).toEqual(['bad', 'late', 'off']);
  });
});
