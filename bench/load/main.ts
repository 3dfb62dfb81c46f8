/** `npm run bench:load`. */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { start } from '../lib/remote.ts';
import { megabytes, renderSection, renderSummary, seconds } from '../lib/report.ts';
import { withFolder } from '../lib/with-folder.ts';
import type { LoadClientMethods } from '../processes/load-clients.ts';
import type { SandboxMethods } from '../processes/sandbox.ts';
import { callJson, createSender } from './http.ts';
import { OWNER_KEY, startRealApi } from './real-api.ts';
import { type OwnStores, requireKept } from './require-kept.ts';
import { requestSection, serverSection } from './sections.ts';
import { setStage } from './stage.ts';
import { watch } from './watch.ts';

const PROCESSES = 2;
const STAGE_TIMEOUT_MS = 60_000;
const UPSTREAM = { stores: 2_000, filesPerStore: 10 };

const HELP = `
npm run bench:load -- [--clients 200] [--seconds 60]

  Runs this many clients at once, each with one request after the other and no pause: six in ten read, two search, two
  create, edit and delete their own stores. Runs against the API as npm start starts it, with a sync each minute.
  Nothing is retried; an unexpected answer is an error.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      clients: { type: 'string', default: '200' },
      seconds: { type: 'string', default: '60' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const [clients, durationS] = [positive('clients', values.clients), positive('seconds', values.seconds)];
  console.log(
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}: ${clients} clients for ${durationS} s`,
  );
  const sandbox = start<SandboxMethods>('sandbox');
  const crews = Array.from({ length: Math.min(PROCESSES, clients) }, () => start<LoadClientMethods>('load-clients'));
  try {
    const { url: upstreamUrl } = await sandbox.open({ size: UPSTREAM });
    await withFolder(async (dataDir) => {
      const api = await startRealApi({ dataDir, upstreamUrl });
      try {
        await measure(api, { clients, durationS, crews });
      } finally {
        const code = await api.stop();
        if (code !== 0) console.error(`The API ended with ${code}.`);
      }
    });
  } finally {
    await Promise.all([sandbox.stop(), ...crews.map((crew) => crew.stop())]);
  }
}

async function measure(
  api: Awaited<ReturnType<typeof startRealApi>>,
  input: { clients: number; durationS: number; crews: readonly ReturnType<typeof start<LoadClientMethods>>[] },
): Promise<void> {
  const { clients, durationS, crews } = input;
  const asOwner = createSender({ url: api.url, key: OWNER_KEY, connectionsMax: 8, timeoutMs: STAGE_TIMEOUT_MS });
  const startedAt = performance.now();
  const stage = await setStage(asOwner);
  console.log(
    `  staged in ${seconds(performance.now() - startedAt)}: ${stage.primaryIds.length} primary stores, ${UPSTREAM.stores} mirrors`,
  );
  // A created key, as clients have, not the owner's key of the environment.
  const { key } = await callJson<{ key: string }>(asOwner, 'POST', '/api/api-keys', {
    name: 'bench',
    role: 'editor',
    expiresInDays: 1,
  });
  const watching = watch(asOwner);
  const reports = await Promise.all(
    crews.map((crew, index) => {
      const share = Math.floor(clients / crews.length) + (index < clients % crews.length ? 1 : 0);
      return crew.run({ url: api.url, key, stage, clients: share, seconds: durationS, seed: index + 1 });
    }),
  );
  const looks = await watching.stop();
  const primaryStores: OwnStores = reports.flatMap((report) => report.primaryStores);
  const kept = await requireKept(asOwner, { shared: stage.primaryIds, primaryStores });
  const failures = api.failures();
  const sections = [requestSection(reports), serverSection({ looks, reports, kept, failures })];
  for (const section of sections) console.log(renderSection(section));
  for (const line of [...reports.flatMap(({ errors }) => errors), ...failures.first]) console.log(`  ! ${line}`);
  console.log(renderSummary(sections));
  console.log(
    `RSS over time: ${looks
      .filter((_, i) => i % 5 === 0)
      .map(({ rssBytes }) => megabytes(rssBytes))
      .join(', ')}`,
  );
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1.\n${HELP}`);
  return value;
}

main().catch((cause: unknown) => {
  console.error(cause instanceof Error ? cause.stack : cause);
  process.exit(1);
});
