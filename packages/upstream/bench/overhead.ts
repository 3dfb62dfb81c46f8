import { fork } from 'node:child_process';
import OpenAI from 'openai';
import { createOpenAiUpstream } from '../src/index.ts';

/*
 * What the port costs over the bare SDK: both list the same stores and attachments at the same concurrency and discard
 * the rows, in turns, so that warm-up and noise affect both. Run: node packages/upstream/bench/overhead.ts
 */
const STORES = Number(process.env.STORES ?? 1000);
const PAGES_PER_STORE = Number(process.env.PAGES_PER_STORE ?? 2);
const CONCURRENCY = 8;
const ROUNDS = 7;

const child = fork(new URL('./page-server.ts', import.meta.url), {
  env: { ...process.env, STORES: String(STORES), PAGES_PER_STORE: String(PAGES_PER_STORE) },
});
const port = await new Promise<unknown>((resolve) => child.once('message', resolve));
const baseUrl = `http://127.0.0.1:${String(port)}/v1`;

async function inParallel(ids: readonly string[], work: (id: string) => Promise<void>): Promise<void> {
  const queue = ids.values();
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (const id of queue) await work(id);
    }),
  );
}

async function bareSdk(): Promise<number> {
  const client = new OpenAI({ baseURL: baseUrl, apiKey: 'sk-bench' });
  const query = { limit: 100, order: 'asc' } as const;
  const ids: string[] = [];
  for await (const page of (await client.vectorStores.list(query)).iterPages())
    ids.push(...page.data.map((store) => store.id));
  let rows = ids.length;
  await inParallel(ids, async (id) => {
    for await (const page of (await client.vectorStores.files.list(id, query)).iterPages()) rows += page.data.length;
  });
  return rows;
}

async function throughPort(): Promise<number> {
  const upstream = createOpenAiUpstream({ baseUrl, apiKey: 'sk-bench', concurrency: CONCURRENCY });
  const ids: string[] = [];
  for await (const page of upstream.listVectorStores()) ids.push(...page.items.map((store) => store.id));
  let rows = ids.length;
  await inParallel(ids, async (id) => {
    for await (const page of upstream.listAttachments(id)) rows += page.items.length;
  });
  return rows;
}

const sides = { bareSdk, throughPort };
const timesMs: Record<keyof typeof sides, number[]> = { bareSdk: [], throughPort: [] };
// Processor time is stable on a busy machine, elapsed time is not.
const cpuMs: Record<keyof typeof sides, number[]> = { bareSdk: [], throughPort: [] };
for (let round = 0; round <= ROUNDS; round++) {
  for (const side of ['bareSdk', 'throughPort'] as const) {
    const startedAt = performance.now();
    const cpuBefore = process.cpuUsage();
    const rows = await sides[side]();
    if (rows !== STORES + STORES * PAGES_PER_STORE * 100) throw new Error(`${side} saw ${rows} rows`);
    if (round === 0) continue;
    const { user, system } = process.cpuUsage(cpuBefore);
    timesMs[side].push(performance.now() - startedAt);
    cpuMs[side].push((user + system) / 1000);
  }
}
child.kill();

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const report = (name: string, of: typeof timesMs) => {
  const bareMs = median(of.bareSdk);
  const portMs = median(of.throughPort);
  console.log(
    `${name}: bare SDK ${bareMs.toFixed(0)} ms, port ${portMs.toFixed(0)} ms, ${(portMs / bareMs).toFixed(2)}x`,
  );
};
console.log(`${Math.ceil(STORES / 100) + STORES * PAGES_PER_STORE} requests of 100 rows, ${CONCURRENCY} at a time`);
report('time', timesMs);
report('processor', cpuMs);
