/** The sandbox as a command: `npm run sandbox -- --help`. */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { createSandbox } from './create-sandbox.ts';
import { DEFAULT_PROJECT } from './http/authorise.ts';
import { type RunningSandbox, startSandbox } from './start-sandbox.ts';

// A function that is being compiled on another thread can keep a process from ending (nodejs/node#54918).
setFlagsFromString('--no-concurrent-sparkplug');

const HELP = `
A stand-in OpenAI server: vector stores, files, batches, search, uploads, embeddings.

  --port <number>         default 4010                              (or SANDBOX_PORT)
  --sample                sample data; the default without --stores (or SANDBOX_SAMPLE=1)
  --seed-epoch-ms <ms>    the sample's ages count back from this instant; the same one gives the same ids after a restart
                          default now                               (or SANDBOX_SEED_EPOCH_MS)
  --stores <number>       generated stores instead                  (or SANDBOX_STORES)
  --attachments <number>  files in them, spread evenly              (or SANDBOX_ATTACHMENTS)
  --latency-ms <number>   delay of each response                    (or SANDBOX_LATENCY_MS)
  --key <key[=project]>   accept only this key; may be repeated     (or SANDBOX_KEY, separated by commas)
`;

const OPTIONS = {
  port: { type: 'string' },
  sample: { type: 'boolean' },
  'seed-epoch-ms': { type: 'string' },
  stores: { type: 'string' },
  attachments: { type: 'string' },
  'latency-ms': { type: 'string' },
  key: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

try {
  await main();
} catch (error) {
  console.error(reasonOf(error));
  process.exit(1);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help === true) {
    console.log(HELP);
    return;
  }
  const { env } = process;
  const port = readCount('--port', values.port ?? env.SANDBOX_PORT) ?? 4010;
  const seedEpochMs = readCount('--seed-epoch-ms', values['seed-epoch-ms'] ?? env.SANDBOX_SEED_EPOCH_MS);
  const stores = readCount('--stores', values.stores ?? env.SANDBOX_STORES);
  const attachments = readCount('--attachments', values.attachments ?? env.SANDBOX_ATTACHMENTS);
  const latencyMs = readCount('--latency-ms', values['latency-ms'] ?? env.SANDBOX_LATENCY_MS);
  const isSample =
    values.sample ?? (env.SANDBOX_SAMPLE === undefined ? stores === undefined : env.SANDBOX_SAMPLE === '1');
  const keys = readKeys(values.key ?? env.SANDBOX_KEY?.split(','));

  const prepared = createSandbox({ latencyMs, keys });
  if (isSample) prepared.seedSample({ seedEpochMs: seedEpochMs ?? prepared.clock.now() });
  if (stores !== undefined) prepared.seed({ stores, attachments: attachments ?? stores * 10 });
  const sandbox = await startSandbox({ sandbox: prepared, port });
  console.log(describe(sandbox, Object.keys(keys ?? {})[0] ?? 'any'));
  const stop = (): void => {
    void sandbox.close().finally(() => process.exit(0));
  };
  // The last event: the parent process that opened the IPC channel is gone.
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.once(event, stop);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!('code' in error) || error.code !== 'EADDRINUSE') return error.message;
  return `${error.message}\nStop the process that uses the port, or choose another one with --port.`;
}

function describe(sandbox: RunningSandbox, key: string): string {
  const { project } = sandbox.state;
  return `
  The sandbox is running, with ${project.stores.size} stores and ${project.files.size} files.

    Base URL   ${sandbox.url}
    Controls   ${sandbox.controlUrl}  (faults, clock, seed, requests, reset)

  Mirror it  OPENAI_BASE_URL=${sandbox.url} OPENAI_API_KEY=${key} npm start
  Try it     curl -s '${sandbox.url}/vector_stores?limit=2' -H 'Authorization: Bearer ${key}'
  Break it   curl -s ${sandbox.controlUrl}/faults -d '{"kind":"status","status":429,"path":"/vector_stores","count":3}'

  Stop it with Ctrl+C.
`;
}

function readCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`${name} is "${text}"; it must be a whole number.`);
  return value;
}

function readKeys(texts: readonly string[] | undefined): Readonly<Record<string, string>> | undefined {
  const entries = (texts ?? []).filter((text) => text !== '').map((text) => text.split('='));
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([key = '', project = DEFAULT_PROJECT]) => [key, project]));
}
