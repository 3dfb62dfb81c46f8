import { start } from '../lib/remote.ts';
import { type Line, type Print, type Section, seconds } from '../lib/report.ts';
import { startApi } from '../lib/start-api.ts';
import { withFolder } from '../lib/with-folder.ts';
import type { BareMethods } from '../processes/bare.ts';
import type { SandboxMethods } from '../processes/sandbox.ts';

/** The default of a connection. */
const CONCURRENCY = 8;
const LATENCY_MS = 20;
const FILES_PER_STORE = 20;
const RATIO_MIN = 0.8;
const PAGE_ROWS = 100;
/** How long a deletion relies on what it read. */
const CHECK_INTERVAL_MS = 60_000;
const FILES_PAGE_ROWS = 10_000;

interface Calls {
  readonly total: number;
  readonly byRoute: Readonly<Record<string, number>>;
}

/** Listings, whose number of pages depends on the size of the project, not on what is deleted. */
const LISTINGS: ReadonlySet<string> = new Set(['GET /vector_stores', 'GET /files']);

/**
 * Deletes stores and their files with plan, ledger and verification. The baseline is an SDK loop that makes the same calls and
 * stores nothing, half of it before and half after, so that a change of the machine's speed affects both. Each has its own
 * sandbox with the same rows, and every part is a process.
 */
export async function measureDeletion(print: Print, options: { isQuick: boolean }): Promise<Section> {
  const stores = options.isQuick ? 100 : 1000;
  const files = stores * FILES_PER_STORE;
  const halves = [await deleteBare(stores / 2)];
  print(`  bare loop, one half: ${seconds(halves[0]?.ms ?? 0)}`);
  const service = await deleteThroughService(stores);
  print(`  service: ${seconds(service.wallMs)}, ${service.calls.total} calls`);
  halves.push(await deleteBare(stores / 2));
  print(`  bare loop, the other half: ${seconds(halves[1]?.ms ?? 0)}`);
  const bare = {
    ms: sum(halves.map((half) => half.ms)),
    cpuMs: sum(halves.map((half) => half.cpuMs)),
    calls: sum(halves.map((half) => half.calls.total)),
  };
  requireSame(
    halves.map((half) => half.calls),
    service.calls,
  );
  const checks = (service.calls.byRoute['GET /vector_stores'] ?? 0) - 2 * Math.ceil(stores / PAGE_ROWS);
  const needed = callsNeeded(stores, files);
  // At most every page of the stores, once a minute.
  const checksMax = Math.floor(service.wallMs / CHECK_INTERVAL_MS) * Math.ceil(stores / PAGE_ROWS);
  const bareRate = bare.calls / (bare.ms / 1000);
  const rate = service.calls.total / (service.wallMs / 1000);
  const ratio = rate / bareRate;
  const lines: Line[] = [
    {
      what: 'throughput relative to the bare loop',
      measured: ratio.toFixed(2),
      target: { text: `≥ ${RATIO_MIN.toFixed(2)}`, isMet: ratio >= RATIO_MIN },
      note: `${perSecond(rate)} against ${perSecond(bareRate)}; ${seconds(service.wallMs)} (plan ${seconds(service.planMs)}, start ${seconds(service.startMs)}) against ${seconds(bare.ms)}; processor ${seconds(service.cpuMs)} against ${seconds(bare.cpuMs)}`,
    },
    {
      what: 'calls',
      measured: String(service.calls.total),
      target: {
        text: `= ${needed} + ${checks}`,
        isMet: service.calls.total === needed + checks && checks <= checksMax,
      },
      note: `the minimum under the rules, and ${checks} that check the plan against the live project each minute; the bare loop ${bare.calls}; the plan announced ${service.requestsNeeded} for its steps`,
    },
  ];
  return {
    title: `Deletion of ${stores} stores with ${files} files, ${LATENCY_MS} ms an answer, concurrency ${CONCURRENCY}`,
    lines,
  };
}

/**
 * The minimum of calls under the rules: attachments read live for the plan and again before the first step; each file
 * detached, deleted and verified gone; each store checked, deleted and verified gone.
 */
function callsNeeded(stores: number, files: number): number {
  const reading =
    Math.ceil(stores / PAGE_ROWS) +
    stores * Math.ceil(FILES_PER_STORE / PAGE_ROWS) +
    Math.ceil(files / FILES_PAGE_ROWS);
  return 2 * reading + 3 * files + 3 * stores;
}

async function deleteBare(stores: number) {
  const sandbox = start<SandboxMethods>('sandbox');
  const bare = start<BareMethods>('bare');
  try {
    const { url } = await sandbox.open({ size: sizeOf(stores), latencyMs: LATENCY_MS });
    const run = await bare.deleteAll({ baseUrl: url, concurrency: CONCURRENCY });
    const calls = await sandbox.takeRequests();
    requireEmpty(await sandbox.count());
    return { ...run, calls };
  } finally {
    await Promise.all([sandbox.stop(), bare.stop()]);
  }
}

async function deleteThroughService(stores: number) {
  const sandbox = start<SandboxMethods>('sandbox');
  const api = startApi();
  try {
    const { url } = await sandbox.open({ size: sizeOf(stores), latencyMs: LATENCY_MS });
    return await withFolder(async (dataDir) => {
      await api.open({ dataDir, upstreamUrl: url });
      const sync = await api.sync({ trigger: 'manual', isFull: true });
      if (sync.status !== 'succeeded') throw new Error(`The sync ended as ${sync.status}.`);
      await sandbox.takeRequests();
      const run = await api.deleteMirrors();
      const calls = await sandbox.takeRequests();
      await api.close();
      if (run.status !== 'succeeded') throw new Error(`The deletion ended as ${run.status}: ${run.message}`);
      requireEmpty(await sandbox.count());
      return { ...run, calls };
    });
  } finally {
    await Promise.all([sandbox.stop(), api.stop()]);
  }
}

/** No file is shared, so that the number of calls follows from the size. */
const sizeOf = (stores: number) => ({ stores, filesPerStore: FILES_PER_STORE, sharedFraction: 0 });

function requireEmpty(left: { readonly stores: number; readonly files: number }): void {
  if (left.stores > 0 || left.files > 0) throw new Error(`${left.stores} stores and ${left.files} files are left.`);
}

function requireSame(bare: readonly Calls[], service: Calls): void {
  for (const [route, count] of Object.entries(service.byRoute)) {
    const theirs = sum(bare.map((calls) => calls.byRoute[route] ?? 0));
    if (count !== theirs && !LISTINGS.has(route))
      throw new Error(`${route}: the service sent ${count}, the bare loop ${theirs}.`);
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const perSecond = (rate: number): string => `${Math.round(rate)} calls/s`;
