import type { Connection } from '@espejo/contracts';
import { formatRelative, formatSpan } from './time.ts';

export interface FreshnessProblem {
  readonly connectionId: string;
  readonly tone: 'info' | 'warning' | 'danger';
  readonly title: string;
  readonly detail: string;
}

type Facts = Pick<
  Connection,
  'id' | 'name' | 'isEnabled' | 'isSyncEnabled' | 'nextTicks' | 'health' | 'lastCompleteSyncAt' | 'activeRunId'
>;

/** A mirror is stale once it has missed two scheduled syncs. */
const INTERVALS_UNTIL_STALE = 2;
const UNSCHEDULED_STALE_S = 86_400;

const HEALTH_TITLES: Readonly<Record<Exclude<Connection['health']['status'], 'ok' | 'unknown'>, string>> = {
  unauthorized: 'its key is no longer accepted',
  forbidden: 'its key lacks read permissions',
  rate_limited: 'OpenAI is limiting its requests',
  unavailable: 'OpenAI is not reachable',
  malformed: 'OpenAI sent invalid answers',
  needs_review: 'a sync waits for your review',
};

/** Why the data of these connections may be stale, most severe first; empty when all of it is fresh. */
export function freshnessProblems(connections: readonly Facts[], nowS: number): FreshnessProblem[] {
  const rank = { danger: 0, warning: 1, info: 2 } as const;
  return connections
    .flatMap((connection) => problemOf(connection, nowS) ?? [])
    .sort((left, right) => rank[left.tone] - rank[right.tone]);
}

function problemOf(connection: Facts, nowS: number): FreshnessProblem | null {
  const { id, name, health } = connection;
  const asOf = ageWords(connection.lastCompleteSyncAt, nowS);
  if (!connection.isEnabled) {
    return { connectionId: id, tone: 'info', title: `“${name}” is switched off`, detail: asOf };
  }
  if (health.status !== 'ok' && health.status !== 'unknown') {
    return {
      connectionId: id,
      tone: health.status === 'unauthorized' || health.status === 'forbidden' ? 'danger' : 'warning',
      title: `“${name}”: ${HEALTH_TITLES[health.status]}`,
      detail: [health.message, asOf].filter(Boolean).join(' '),
    };
  }
  // Before the first sync and while a sync runs, the page itself shows that.
  if (connection.lastCompleteSyncAt === null || connection.activeRunId !== null) return null;
  const ageS = nowS - connection.lastCompleteSyncAt;
  const intervalS = syncIntervalSeconds(connection);
  if (intervalS === null) {
    if (ageS <= UNSCHEDULED_STALE_S) return null;
    return { connectionId: id, tone: 'info', title: `“${name}” has no sync schedule`, detail: asOf };
  }
  if (ageS <= INTERVALS_UNTIL_STALE * intervalS) return null;
  return {
    connectionId: id,
    tone: 'warning',
    title: `“${name}” is behind schedule`,
    detail: `${asOf} A sync is due every ${formatSpan(intervalS)}.`,
  };
}

/** The longest gap between the next runs, so that a weekday schedule is not stale on a weekend. Null without a schedule. */
export function syncIntervalSeconds(connection: Pick<Connection, 'isSyncEnabled' | 'nextTicks'>): number | null {
  if (!connection.isSyncEnabled || connection.nextTicks.length < 2) return null;
  const gaps = connection.nextTicks.slice(1).map((tick, index) => tick - (connection.nextTicks[index] ?? tick));
  return Math.max(...gaps);
}

function ageWords(lastCompleteSyncAt: number | null, nowS: number): string {
  if (lastCompleteSyncAt === null) return 'It has not been synced yet.';
  return `Its data is from ${formatRelative(lastCompleteSyncAt, nowS)}.`;
}
