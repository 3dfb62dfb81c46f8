import { CONSOLE_ROUTES, type ConsoleOperation, type RouteContract } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { type Answer, expectError, expectErrorDetails } from '../support/http.ts';
import { settled, sync, syncOk } from '../support/sync.ts';
import { readDocument } from './document.ts';
import { type BentRequest, bentRequests } from './requests.ts';

/** More by hand: `ESPEJO_BENT_REQUESTS=20000 npx vitest run --project acceptance acceptance/openapi`. */
const { ESPEJO_BENT_REQUESTS = '600' } = process.env;
const COUNT = Number(ESPEJO_BENT_REQUESTS);
const TIMEOUT_MS = 40_000 + COUNT * 30;

let sandbox: RunningSandbox;
let espejo: Espejo;

beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.seed({ stores: 6, filesPerStore: 3, orphans: 2 });
  espejo = await startEspejo({
    env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-any', ESPEJO_SYNC_ENABLED: 'false' },
  });
  await syncOk(espejo);
});
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

it(`no request of ${COUNT}, however bent, fails inside: each is done as its contract says, or refused with a reason`, {
  timeout: TIMEOUT_MS,
}, async () => {
  const statuses = new Map<number, number>();
  const sources = {
    baseUrl: sandbox.url,
    ids: ['default', 'sandbox', ...(await existingIds())],
    cursors: await existingCursors(),
  };
  await fc.assert(
    fc.asyncProperty(bentRequests(await readDocument(espejo), sources), async (request) => {
      const answer = await send(request);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      holds(request, answer);
    }),
    { numRuns: COUNT, endOnFailure: true },
  );
  // The requests were not all turned away at the door.
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 403, 404]));
  expect(statuses.get(200)).toBeGreaterThan(COUNT / 20);
  expect(espejo.log).not.toMatch(/"code":"internal"|unhandled|uncaught/i);
});

it('and the mirror is as it was', async () => {
  await settled(espejo);
  await espejo.call('updateConnection', { params: { id: 'default' }, body: { isEnabled: true } });
  const run = await sync(espejo, { connectionId: 'default', full: true });
  expect(run).toMatchObject({ status: 'succeeded', plan: { isInSync: true } });
  expect((await espejo.call('listVectorStores', { query: { source: 'cache' } })).total).toBe(6);
  expect(sandbox.requests.writes).toBe(0);
});

function holds(request: BentRequest, answer: Answer): void {
  const contract: RouteContract | undefined = CONSOLE_ROUTES[request.operationId as ConsoleOperation];
  expect(answer.headers.get('x-request-id')).toBeTruthy();
  // A plan reads upstream, and bent connections lead nowhere: that failure is upstream's, and says so.
  const code =
    answer.status >= 400 && request.method !== 'HEAD' ? (answer.json as { error: { code: string } }).error.code : '';
  if (!(request.operationId === 'planDeletion' && code.startsWith('upstream_')))
    expect(answer.status).toBeLessThan(500);
  if (request.method === 'HEAD') return;
  if (answer.status >= 400) {
    const { error } = answer.json as { error: { code: string; details?: unknown } };
    const expectShape = error.details === undefined ? expectError : expectErrorDetails;
    expectShape(answer, answer.status, error.code);
    return;
  }
  if (contract === undefined || request.method !== contract.method) return;
  expect(answer.status).toBe(contract.status);
  if (contract.status !== 204) contract.response.parse(answer.json);
}

async function send({ method, path, headers, body }: BentRequest): Promise<Answer> {
  const hasBody = body !== undefined && method !== 'GET' && method !== 'HEAD';
  return espejo.request(method, path, hasBody ? { headers, body } : {});
}

async function existingIds(): Promise<string[]> {
  const pages = await Promise.all([
    espejo.call('listVectorStores', { query: { limit: 2 } }),
    espejo.call('listFiles', { query: { limit: 2 } }),
    espejo.call('listSyncRuns', {}),
  ]);
  return pages.flatMap((page) => page.data.map((row) => row.id));
}

async function existingCursors(): Promise<string[]> {
  const pages = await Promise.all([
    espejo.call('listVectorStores', { query: { limit: 1 } }),
    espejo.call('listVectorStores', { query: { limit: 1, sort: 'name', order: 'asc' } }),
    espejo.call('listFiles', { query: { limit: 1 } }),
  ]);
  return pages.map((page) => page.nextCursor ?? '');
}
