import { type Line, megabytes, millis, type Section } from '../lib/report.ts';
import { quantile } from '../lib/stats.ts';
import type { LoadClientMethods } from '../processes/load-clients.ts';
import { type Look, slopeOf } from './watch.ts';

type Report = Awaited<ReturnType<LoadClientMethods['run']>>;

/** About 300 MB for the server and 50 for each thread that parses, chunks, searches and writes. */
const RSS_BYTES_MAX = 768 * 2 ** 20;
/** Compiled code, caches and pools are filled in the first third. */
const WARM_UP_SHARE = 1 / 3;
const CORE_SHARE_MAX = 0.7;

/** Counts, errors and times by kind of request. */
export function requestSection(reports: readonly Report[]): Section {
  const kinds = [...new Set(reports.flatMap((report) => Object.keys(report.msByKind)))].sort();
  const wallS = Math.max(...reports.map(({ wallMs }) => wallMs)) / 1000;
  const msOf = (kind: string) => reports.flatMap((report) => report.msByKind[kind] ?? []);
  const errorsOf = (kind: string) => reports.reduce((sum, report) => sum + (report.errorsByKind[kind] ?? 0), 0);
  const line = (what: string, ms: readonly number[], errorCount: number): Line => ({
    what,
    measured: `${errorCount} of ${ms.length}`,
    target: { text: 'errors: 0', isMet: errorCount === 0 },
    note: `p50 ${millis(quantile(ms, 0.5))}, p95 ${millis(quantile(ms, 0.95))}, p99 ${millis(quantile(ms, 0.99))}, max ${millis(quantile(ms, 1))}; ${(ms.length / wallS).toFixed(1)}/s`,
  });
  const all = kinds.flatMap(msOf);
  return {
    title: 'Requests',
    lines: [
      ...kinds.map((kind) => line(kind, msOf(kind), errorsOf(kind))),
      line(
        'all',
        all,
        kinds.reduce((sum, kind) => sum + errorsOf(kind), 0),
      ),
    ],
  };
}

/** The effect of the load on the server, and whether the clients were the bottleneck. */
export function serverSection(input: {
  looks: readonly Look[];
  reports: readonly Report[];
  kept: { readonly storeCount: number; readonly wrongCount: number };
  failures: { readonly count: number };
}): Section {
  const { looks, reports, kept, failures } = input;
  const warm = looks.slice(Math.floor(looks.length * WARM_UP_SHARE));
  const rss = looks.map(({ rssBytes }) => rssBytes);
  const [first, last] = [looks[0], looks.at(-1)];
  const cores = first && last ? (last.cpuS - first.cpuS) / (last.atS - first.atS) : Number.NaN;
  const coreShare = Math.max(...reports.map((report) => report.coreShare));
  const max = (read: (look: Look) => number) => Math.max(...looks.map(read));
  return {
    title: 'The server during the load',
    lines: [
      {
        what: 'memory (RSS), most',
        measured: megabytes(Math.max(...rss)),
        target: { text: `≤ ${megabytes(RSS_BYTES_MAX)}`, isMet: Math.max(...rss) <= RSS_BYTES_MAX },
        note: `least ${megabytes(Math.min(...rss))}; after a third of the time it changed by ${((slopeOf(warm) * 60) / 2 ** 20).toFixed(1)} MB a minute`,
      },
      {
        what: 'event loop delay, p99 of each second',
        measured: millis(
          quantile(
            looks.map(({ loopP99Ms }) => loopP99Ms),
            0.5,
          ),
        ),
        note: `the worst second ${millis(max(({ loopP99Ms }) => loopP99Ms))}, the longest delay ${millis(max(({ loopMaxMs }) => loopMaxMs))}`,
      },
      { what: 'processor', measured: `${cores.toFixed(2)} cores` },
      { what: 'files waiting for ingestion', measured: `at most ${max(({ ingestionPending }) => ingestionPending)}` },
      {
        what: 'stores that differ from the last write of their clients',
        measured: `${kept.wrongCount} of ${kept.storeCount}`,
        target: { text: '0', isMet: kept.wrongCount === 0 },
      },
      {
        what: 'errors in its log',
        measured: String(failures.count),
        target: { text: '0', isMet: failures.count === 0 },
      },
      {
        what: 'the busiest process of clients',
        measured: `${coreShare.toFixed(2)} cores`,
        target: { text: `≤ ${CORE_SHARE_MAX}: the clients are not the bottleneck`, isMet: coreShare <= CORE_SHARE_MAX },
        note: `its event loop delay, p99: ${millis(Math.max(...reports.map(({ loopDelayP99Ms }) => loopDelayP99Ms)))}`,
      },
    ],
  };
}
