import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WIRE_ROUTES } from '@espejo/contracts/openai';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { API_KEY, type Espejo, ROOT, startEspejo } from '../support/espejo.ts';
import { settled, syncOk } from '../support/sync.ts';
import { type DeclaredErrors, declaredErrors } from './declared-errors.ts';
import { readDocument } from './document.ts';
import { faultOf } from './judge.ts';
import { type FuzzedRequest, fuzzedRequests } from './requests.ts';
import { createFuzzedSender } from './send-fuzzed.ts';
import { targetsOf } from './targets.ts';
import { wireTargets } from './wire-targets.ts';
import { buildWorld, digestOf, type World } from './world.ts';

/** To repeat a run: `ESPEJO_FUZZED_SEED=<the seed it printed> npx vitest run --project acceptance acceptance/openapi`. */
const { ESPEJO_FUZZED_REQUESTS = '10000', ESPEJO_FUZZED_SEED } = process.env;
const COUNT = Number(ESPEJO_FUZZED_REQUESTS);
const SEED = ESPEJO_FUZZED_SEED === undefined ? randomInt(2 ** 31) : Number(ESPEJO_FUZZED_SEED);
const TIMEOUT_MS = 600_000 + COUNT * 300;
const SENDERS = 4;
const FAULTS_SHOWN = 5;
const SHOWN_CHARS = 400;
const LOG_SHOWN_CHARS = 4_000;
/** The second half of the requests may take only this much more than the first half. */
const GROWTH_BYTES_MAX = 160 * 2 ** 20;
const OPENAI_KEY = 'sk-fuzz-upstream-key';
const CONSOLE_TOKEN = 'fuzz-console-token';

let sandbox: RunningSandbox;
let espejo: Espejo;
let world: World;
let digestBefore: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.seed({ stores: 6, filesPerStore: 3, orphans: 2 });
  espejo = await startEspejo({
    env: {
      OPENAI_BASE_URL: sandbox.url,
      OPENAI_API_KEY: OPENAI_KEY,
      ESPEJO_CONSOLE_TOKEN: CONSOLE_TOKEN,
      ESPEJO_SYNC_ENABLED: 'false',
    },
  });
  await syncOk(espejo);
  world = await buildWorld(espejo, sandbox);
  digestBefore = await digestOf(espejo, world.untouchedIds);
});
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

it(`none of ${COUNT} malformed requests causes an internal error: each is served as its contract says or rejected with a reason`, {
  timeout: TIMEOUT_MS,
}, async () => {
  console.log(`Fuzzed requests: seed ${SEED}`);
  const document = await readDocument(espejo);
  const keys = { owner: API_KEY, others: world.lesserKeys };
  const requests = fc.sample(fuzzedRequests(document, world.sources, keys), { numRuns: COUNT, seed: SEED });
  const half = requests.length / 2;
  const wire = await readDocument(espejo, '/v1/openapi.json');
  const declared = declaredErrors([
    { document, prefix: '' },
    { document: wire, prefix: '/v1' },
  ]);
  const first = await sendAll(requests.slice(0, half), declared);
  const bytesBetween = await residentBytes();
  const second = await sendAll(requests.slice(half), declared);
  const bytesAfter = await residentBytes();

  const faults = [...first.faults, ...second.faults];
  expect(faults.slice(0, FAULTS_SHOWN), `seed ${SEED}, ${faults.length} faults`).toEqual([]);
  // Not all were rejected before their operation.
  const statuses = Map.groupBy([...first.statuses, ...second.statuses], (status) => status);
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 201, 400, 401, 403, 404, 405, 415]));
  expect(statuses.get(200)?.length).toBeGreaterThan(COUNT / 20);
  // Every operation was requested.
  const asked = new Set(requests.map(({ operationId }) => operationId));
  expect(targetsOf(document, world.sources).filter(({ operationId }) => !asked.has(operationId))).toEqual([]);
  const isWorst = (line: string) => /"code":"internal"|"level":60|unhandled|uncaught/i.test(line);
  expect(espejo.log.split('\n').filter(isWorst)).toEqual([]);
  expect(bytesAfter - bytesBetween).toBeLessThan(GROWTH_BYTES_MAX);
});

it('the fuzzed requests cover every endpoint under /v1', () => {
  const known = Object.entries(WIRE_ROUTES).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} /v1${path.replaceAll(/:(\w+)/g, '{$1}')}`),
  );
  expect(
    wireTargets(world.sources)
      .map(({ operationId }) => operationId)
      .sort(),
  ).toEqual(known.sort());
});

it('the fuzzed requests change nothing that they do not name, in the mirror or in primary stores', async () => {
  await settled(espejo);
  expect(await digestOf(espejo, world.untouchedIds)).toBe(digestBefore);
  await espejo.call('updateConnection', { params: { id: 'default' }, body: { isEnabled: true } });
  await syncOk(espejo, { connectionId: 'default', full: true });
  expect(await digestOf(espejo, world.untouchedIds)).toBe(digestBefore);
  const { id } = await espejo.call('createVectorStore', { body: { name: 'after it all' } });
  expect(await espejo.call('getVectorStore', { params: { id } })).toMatchObject({ name: 'after it all' });
});

async function sendAll(
  requests: readonly FuzzedRequest[],
  declared: DeclaredErrors,
): Promise<{ statuses: number[]; faults: unknown[] }> {
  const secrets = secretsOf();
  const sender = createFuzzedSender(espejo.port, SENDERS);
  const statuses: number[] = [];
  const faults: unknown[] = [];
  const queue = requests.values();
  const work = async () => {
    for (const request of queue) {
      const answer = await sender.send(request).catch((cause: unknown) => {
        throw new Error(`Espejo does not answer. It said:\n${espejo.log.slice(-LOG_SHOWN_CHARS)}`, { cause });
      });
      if (answer.status !== null) statuses.push(answer.status);
      const fault = faultOf(request, answer, { secrets, declared });
      if (fault !== null) faults.push({ fault, ...shown(request), answer: answer.text.slice(0, SHOWN_CHARS) });
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, work));
  sender.close();
  return { statuses, faults };
}

/** Texts no answer may contain: keys, the secret that encrypts them, and the data folder. */
function secretsOf(): Record<string, string> {
  return {
    'the key of the API': API_KEY,
    'the key of OpenAI': OPENAI_KEY,
    'the token of the console': CONSOLE_TOKEN,
    ...Object.fromEntries(world.lesserKeys.map((key, index) => [`key ${index}`, key])),
    'the secret': readFileSync(join(espejo.dataDir, 'secret'), 'utf8').trim(),
    'the data folder': espejo.dataDir,
    'the folder of the program': ROOT.replace(/\/$/, ''),
  };
}

function shown({ method, path, headers, body, claimedLength }: FuzzedRequest) {
  const bytes = body?.bytes.subarray(0, SHOWN_CHARS).toString('latin1');
  return { method, path: path.slice(0, SHOWN_CHARS), headers, type: body?.type, bytes, claimedLength };
}

async function residentBytes(): Promise<number> {
  const { text } = await espejo.request('GET', '/metrics');
  return Number(/^process_resident_memory_bytes (\d+)/m.exec(text)?.[1]);
}
