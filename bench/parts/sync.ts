import { type Remote, start } from '../lib/remote.ts';
import { type Line, type Print, type Section, seconds, times } from '../lib/report.ts';
import { startApi } from '../lib/start-api.ts';
import { median, range } from '../lib/stats.ts';
import { withFolder } from '../lib/with-folder.ts';
import type { ApiMethods, SyncInput } from '../processes/api-methods.ts';
import type { BareListing, BareMethods } from '../processes/bare.ts';
import type { SandboxMethods } from '../processes/sandbox.ts';

/** The default of a connection. */
const CONCURRENCY = 8;
/** Faster than OpenAI answers a listing. Without a latency nothing ever waits, unlike with a real upstream. */
const LATENCY_MS = 20;

interface Scenario {
  readonly name: string;
  /** The mirror is empty before each run. */
  readonly isFirst: boolean;
  readonly sync: SyncInput;
  readonly bare: Pick<BareListing, 'hasAttachments' | 'hasFiles'>;
  readonly ratioMax: number | null;
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'first sync: everything is new',
    isFirst: true,
    sync: { trigger: 'manual', isFull: false },
    bare: { hasAttachments: true, hasFiles: true },
    ratioMax: 1.5,
  },
  {
    name: 'no change, scheduled: stores listed',
    isFirst: false,
    sync: { trigger: 'schedule', isFull: false },
    bare: { hasAttachments: false, hasFiles: false },
    ratioMax: 1.2,
  },
  {
    name: 'no change, started by a user: stores and files listed',
    isFirst: false,
    sync: { trigger: 'manual', isFull: false },
    bare: { hasAttachments: false, hasFiles: true },
    ratioMax: 1.2,
  },
  {
    name: 'no change, full: everything listed again',
    isFirst: false,
    sync: { trigger: 'manual', isFull: true },
    bare: { hasAttachments: true, hasFiles: true },
    ratioMax: null,
  },
];

/**
 * Compares syncs with an SDK loop that lists the same pages at the same concurrency and discards the rows. Sandbox, API
 * and loop are separate processes; loop and API take turns, so that noise and warm-up affect both.
 */
export async function measureSync(print: Print, options: { isQuick: boolean }): Promise<Section> {
  const size = options.isQuick ? { stores: 200, filesPerStore: 50 } : { stores: 2000, filesPerStore: 50 };
  const lines: Line[] = [];
  for (const latencyMs of [0, LATENCY_MS]) {
    const rounds = options.isQuick ? 3 : latencyMs === 0 ? 9 : 5;
    const sandbox = start<SandboxMethods>('sandbox');
    const api = startApi();
    const bare = start<BareMethods>('bare');
    try {
      const { url } = await sandbox.open({ size, latencyMs });
      for (const scenario of SCENARIOS) {
        const pairs = await measureScenario({ sandbox, api, bare, url }, scenario, rounds);
        const line = toLine(scenario, latencyMs, pairs);
        print(`  ${line.what}: ${line.measured}`);
        lines.push(line);
      }
    } finally {
      await Promise.all([sandbox.stop(), api.stop(), bare.stop()]);
    }
  }
  return {
    title: `Sync of ${size.stores} stores × ${size.filesPerStore} files, concurrency ${CONCURRENCY}: its time relative to the bare SDK's (medians of alternating pairs, ranges in brackets)`,
    lines,
  };
}

interface Processes {
  readonly sandbox: Remote<SandboxMethods>;
  readonly api: Remote<ApiMethods>;
  readonly bare: Remote<BareMethods>;
  readonly url: string;
}

interface Pair {
  readonly bare: { readonly ms: number; readonly cpuMs: number };
  readonly sync: { readonly wallMs: number; readonly recordedMs: number; readonly cpuMs: number };
  readonly requests: number;
}

function measureScenario(processes: Processes, scenario: Scenario, rounds: number): Promise<Pair[]> {
  return withFolder(async (folder) => {
    const { api, url } = processes;
    if (!scenario.isFirst) {
      await api.open({ dataDir: folder, upstreamUrl: url });
      await api.sync({ trigger: 'manual', isFull: true });
    }
    const pairs: Pair[] = [];
    // The first round only warms up both.
    for (let round = 0; round <= rounds; round += 1) {
      const pair = await measurePair(processes, scenario);
      if (round > 0) pairs.push(pair);
    }
    if (!scenario.isFirst) await api.close();
    return pairs;
  });
}

async function measurePair({ sandbox, api, bare, url }: Processes, scenario: Scenario): Promise<Pair> {
  await sandbox.takeRequests();
  const alone = await bare.list({ baseUrl: url, concurrency: CONCURRENCY, ...scenario.bare });
  const bareRequests = (await sandbox.takeRequests()).total;
  const sync = await (scenario.isFirst
    ? withFolder(async (dataDir) => {
        await api.open({ dataDir, upstreamUrl: url });
        const run = await api.sync(scenario.sync);
        await api.close();
        return run;
      })
    : api.sync(scenario.sync));
  const { total, writes } = await sandbox.takeRequests();
  if (sync.status !== 'succeeded') throw new Error(`The sync ended as ${sync.status}.`);
  if (writes > 0) throw new Error(`The sync sent ${writes} writes upstream.`);
  if (total !== bareRequests) throw new Error(`The sync sent ${total} requests, the bare loop ${bareRequests}.`);
  return { bare: alone, sync, requests: total };
}

function toLine({ name, ratioMax }: Scenario, latencyMs: number, pairs: readonly Pair[]): Line {
  const bareMs = pairs.map(({ bare }) => bare.ms);
  const wallMs = pairs.map(({ sync }) => sync.wallMs);
  const ratio = median(wallMs) / median(bareMs);
  const ratios = pairs.map(({ bare, sync }) => sync.wallMs / bare.ms);
  const recordedMs = median(pairs.map(({ sync }) => sync.recordedMs));
  const cpu = `${seconds(median(pairs.map(({ sync }) => sync.cpuMs)))} against ${seconds(median(pairs.map(({ bare }) => bare.cpuMs)))}`;
  return {
    what: latencyMs === 0 ? name : `${name}; ${latencyMs} ms an answer`,
    measured: `${times(ratio)} (${range(ratios, (value) => value.toFixed(2))})`,
    target: ratioMax === null ? undefined : { text: `≤ ${times(ratioMax)}`, isMet: ratio <= ratioMax },
    note: `${seconds(median(wallMs))} (${range(wallMs, toSeconds)}; in the run's record ${seconds(recordedMs)}) against ${seconds(median(bareMs))} (${range(bareMs, toSeconds)}); processor ${cpu}; ${pairs[0]?.requests} requests each`,
  };
}

const toSeconds = (ms: number): string => (ms / 1000).toFixed(2);
