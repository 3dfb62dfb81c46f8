import { LIMITS } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { expectError } from '../support/http.ts';
import { syncOk } from '../support/sync.ts';

let sandbox: RunningSandbox;
let espejo: Espejo;

beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.seed({ stores: 12, filesPerStore: 4 });
  espejo = await startEspejo({
    env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-any', ESPEJO_SYNC_ENABLED: 'false' },
  });
  await syncOk(espejo);
  await syncOk(espejo, { full: true });
});
afterAll(async () => {
  // None of the requests caused an internal error.
  expect(espejo.log).not.toMatch(/"code":"internal"|unhandled|uncaught/i);
  expect((await espejo.request('GET', '/api/status')).status).toBe(200);
  expect((await espejo.call('listVectorStores', {})).total).toBe(12);
  await espejo[Symbol.asyncDispose]();
  await sandbox.close();
});

const get = (path: string) => espejo.request('GET', path);

describe('queries', () => {
  const lists = ['/api/vector-stores', '/api/files', '/api/sync-runs'];
  it.each(
    lists.flatMap((path) =>
      ['0', '201', '-1', 'abc', '1.5', '', '1e9', 'NaN', '0x10000'].map((limit) => [path, limit] as const),
    ),
  )('rejects %s?limit=%s with 400', async (path, limit) => {
    expect(expectError(await get(`${path}?limit=${limit}`), 400, 'invalid_request')).toMatch(/limit/);
  });

  it.each([
    ['/api/vector-stores?sort=color', /sort/],
    ['/api/vector-stores?order=sideways', /order/],
    ['/api/vector-stores?source=theirs', /source/],
    ['/api/vector-stores?limit=5&limit=6', /limit/],
    ['/api/vector-stores?q=a&q=b', /q/],
    [`/api/vector-stores?q=${'x'.repeat(LIMITS.searchTextMax + 1)}`, /q/],
    ['/api/vector-stores?q=a%00b', /NUL/],
    ['/api/vector-stores/facets?source=x', /source/],
    [`/api/vector-stores?status=${'x'.repeat(65)}`, /status/],
    ['/api/files?orphan=maybe', /orphan/],
    ['/api/files?orphan=1', /orphan/],
    ['/api/files?sort=size', /sort/],
    ['/api/files?q=%00', /NUL/],
    ['/api/sync-runs?status=sleeping', /status/],
    ['/api/sync-runs/RUN/changes?action=exploded', /action/],
    [`/api/cron-preview?expression=${'*'.repeat(101)}`, /expression/],
    ['/api/cron-preview', /expression/],
  ])('rejects %s with 400 and names the parameter', async (path, named) => {
    expect(expectError(await get(path.replace('RUN', await anyRunId())), 400, 'invalid_request')).toMatch(named);
  });

  it.each([
    "'; drop table vector_store; --",
    '%',
    '_',
    '"',
    '\\',
    '*',
    'a OR b',
    '(',
    'NEAR(a b)',
    '￿',
    '𝕏'.repeat(40),
    '{{7*7}}',
    '<script>',
  ])('searches for the text %j literally', async (q) => {
    for (const path of ['/api/vector-stores', '/api/files', `/api/vector-stores/${await anyStoreId()}/files`]) {
      const answer = await get(`${path}?q=${encodeURIComponent(q)}`);
      expect({ path, status: answer.status }).toEqual({ path, status: 200 });
    }
    expect((await get(`/api/vector-stores/facets?q=${encodeURIComponent(q)}`)).status).toBe(200);
  });
});

describe('cursors', () => {
  const cursorOf = async (path: string): Promise<string> => {
    const { nextCursor } = (await get(`${path}${path.includes('?') ? '&' : '?'}limit=1`)).json as {
      nextCursor: string;
    };
    expect(nextCursor, path).toEqual(expect.any(String));
    return nextCursor;
  };
  const lists = async () => {
    const storeId = await anyStoreId();
    const runId = await anyRunId();
    return [
      '/api/vector-stores',
      '/api/vector-stores?order=asc',
      '/api/vector-stores?sort=usageBytes',
      '/api/vector-stores?sort=name',
      '/api/files',
      '/api/files?sort=filename',
      '/api/sync-runs',
      `/api/vector-stores/${storeId}/files`,
      `/api/sync-runs/${runId}/changes`,
      `/api/vector-stores/${storeId}/history`,
    ];
  };

  it.each([
    'x',
    '',
    'null',
    '%00',
    '%F0%9F%A7%AD',
    'W10',
    'WyJ2ZWN0b3Itc3RvcmVzIl0',
    Buffer.from('["vector-stores:createdAt:desc",{"a":1},"x"]').toString('base64url'),
    Buffer.from('["vector-stores:createdAt:desc",1e999,"x"]').toString('base64url'),
    'x'.repeat(2000),
  ])('every list rejects the cursor %j', async (cursor) => {
    for (const path of await lists()) {
      const answer = await get(`${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`);
      expect(expectError(answer, 400, 'unknown_cursor'), path).toMatch(/without a cursor/);
    }
  });

  it('of one list, sort or order are rejected by every other', async () => {
    // The history of a store that changed once has one page, hence no cursor.
    const paths = (await lists()).slice(0, -1);
    const cursors = await Promise.all(paths.map(cursorOf));
    for (const [i, path] of [...paths, ...(await lists()).slice(-1)].entries()) {
      for (const [j, cursor] of cursors.entries()) {
        const answer = await get(`${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`);
        if (i === j) expect(answer.status, `${path} with its own`).toBe(200);
        else expectError(answer, 400, 'unknown_cursor');
      }
    }
  });

  it('are accepted in one spelling only', async () => {
    const cursor = await cursorOf('/api/vector-stores');
    for (const other of [`${cursor}=`, `${cursor}A`, ` ${cursor}`, cursor.slice(0, -1)]) {
      expectError(await get(`/api/vector-stores?cursor=${encodeURIComponent(other)}`), 400, 'unknown_cursor');
    }
  });

  it('are rejected with 400 when they are too long', async () => {
    expectError(await get(`/api/vector-stores?cursor=${'x'.repeat(3000)}`), 400, 'invalid_request');
  });
});

async function anyStoreId(): Promise<string> {
  return sandbox.state.storeIds()[0] ?? '';
}

/** The first run: it found every store. */
async function anyRunId(): Promise<string> {
  return (await espejo.call('listSyncRuns', {})).data.at(-1)?.id ?? '';
}
