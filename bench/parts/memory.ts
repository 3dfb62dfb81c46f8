import { type Remote, start } from '../lib/remote.ts';
import { type Line, megabytes, millis, type Print, type Section, seconds } from '../lib/report.ts';
import { startApi } from '../lib/start-api.ts';
import { withFolder } from '../lib/with-folder.ts';
import type { SyncInput } from '../processes/api-methods.ts';
import type { SandboxMethods } from '../processes/sandbox.ts';

const RSS_BYTES_MAX = 350 * 2 ** 20;

interface World {
  readonly name: string;
  readonly seed: { readonly stores: number; readonly attachments: number };
}

const WORLDS: readonly World[] = [
  { name: '10,000 stores, 1,000,000 attachments', seed: { stores: 10_000, attachments: 1_000_000 } },
  { name: 'one store of 1,000,000 files', seed: { stores: 1, attachments: 1_000_000 } },
];
const QUICK_WORLDS: readonly World[] = [
  { name: '1,000 stores, 100,000 attachments', seed: { stores: 1000, attachments: 100_000 } },
  { name: 'one store of 100,000 files', seed: { stores: 1, attachments: 100_000 } },
];

const RUNS: readonly { readonly name: string; readonly sync: SyncInput }[] = [
  { name: 'first sync', sync: { trigger: 'manual', isFull: false } },
  { name: 'full sync, no change', sync: { trigger: 'manual', isFull: true } },
];

/** Peak memory and event loop delay of the API's process during a sync, each run in a separate process. */
export async function measureMemory(print: Print, options: { isQuick: boolean }): Promise<Section> {
  const lines: Line[] = [];
  for (const world of options.isQuick ? QUICK_WORLDS : WORLDS) {
    const sandbox = start<SandboxMethods>('sandbox');
    try {
      const { url } = await sandbox.open({ size: world.seed });
      await withFolder(async (dataDir) => {
        for (const { name, sync } of RUNS) {
          const line = await measureRun(`${world.name}: ${name}`, sandbox, { dataDir, upstreamUrl: url }, sync);
          print(`  ${line.what}: ${line.measured}, ${line.note}`);
          lines.push(line);
        }
      });
    } finally {
      await sandbox.stop();
    }
  }
  return { title: 'Peak memory of the API process while it syncs (RSS)', lines };
}

async function measureRun(
  what: string,
  sandbox: Remote<SandboxMethods>,
  place: { dataDir: string; upstreamUrl: string },
  sync: SyncInput,
): Promise<Line> {
  const api = startApi();
  try {
    await api.open(place);
    const idleBytes = (await api.memory()).rssMaxBytes;
    await sandbox.takeRequests();
    const run = await api.sync(sync);
    if (run.status !== 'succeeded') throw new Error(`The sync ended as ${run.status}.`);
    await api.close();
    const { p99Ms, maxMs } = run.loop;
    return {
      what,
      measured: megabytes(run.rssMaxBytes),
      target: { text: '≤ 350 MB', isMet: run.rssMaxBytes <= RSS_BYTES_MAX },
      note: `${seconds(run.wallMs)}, ${run.requests} requests, ${run.counters.attachments.seen} attachments seen; idle ${megabytes(idleBytes)}; event loop delay p99 ${millis(p99Ms)}, max ${millis(maxMs)}`,
    };
  } finally {
    await api.stop();
  }
}
