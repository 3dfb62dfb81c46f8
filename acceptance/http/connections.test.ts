import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection, ConnectionTestResult, CreateConnectionBody, TestConnectionBody } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, freePort, startEspejo } from '../support/espejo.ts';
import { hold } from '../support/hold.ts';
import { expectError } from '../support/http.ts';
import { ended, sync, syncOk, until } from '../support/sync.ts';
import { echoKey, hang, serveHtml, startTroubledServer } from '../support/troubled-servers.ts';

/** Every key used here; none may ever come back. */
const KEYS = {
  environment: 'sk-env-0b94d1c7e2f64a',
  first: 'sk-first-6d0f3b5a99c84e',
  second: 'sk-second-e13c7f2a5bd046',
  wrong: 'sk-wrong-47fa08d9b1e35c',
  echoed: 'sk-echoed-9c2e6b7d10f5a3',
} as const;
const HANGING_NAME = 'Hanging';
/** A test of a connection answers within 15 s, whatever upstream does. */
const HANG_ANSWERED_MS = 17_000;

let sandbox: RunningSandbox;
let espejo: Espejo;
let hanging: Promise<HangingTest>;

const create = (body: Partial<CreateConnectionBody> = {}) =>
  espejo.request('POST', '/api/connections', {
    json: { name: 'Project A', baseUrl: sandbox.url, apiKey: KEYS.first, isSyncEnabled: false, ...body },
  });
const created = async (body: Partial<CreateConnectionBody> = {}): Promise<Connection> => {
  const answer = await create(body);
  expect(answer.status).toBe(201);
  return espejo.call('getConnection', { params: { id: (answer.json as Connection).id } });
};
const get = (id: string) => espejo.call('getConnection', { params: { id } });
const patch = (id: string, json: unknown) => espejo.request('PATCH', `/api/connections/${id}`, { json });
const remove = (id: string) => espejo.request('DELETE', `/api/connections/${id}`);

beforeAll(async () => {
  sandbox = await startSandbox({
    organization: 'org-acme',
    keys: { [KEYS.environment]: 'proj_env', [KEYS.first]: 'proj_a', [KEYS.second]: 'proj_b' },
  });
  sandbox.seed({ stores: 2, filesPerStore: 1 });
  sandbox.seed({ stores: 4, filesPerStore: 3, sharedFraction: 0, seed: 2 }, 'proj_a');
  sandbox.seed({ stores: 5, filesPerStore: 2, seed: 3 }, 'proj_b');
  espejo = await startEspejo({
    env: {
      OPENAI_BASE_URL: sandbox.url,
      OPENAI_API_KEY: KEYS.environment,
      ESPEJO_SYNC_CRON: '0 3 * * *',
      LOG_LEVEL: 'trace',
    },
  });
  hanging = testHangingServer();
  hanging.catch(() => undefined);
});
afterEach(async () => {
  for (const { id, origin, name } of (await espejo.call('listConnections', {})).data) {
    if (origin === 'console' && name !== HANGING_NAME) await remove(id);
  }
});
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

interface HangingTest {
  readonly results: readonly ConnectionTestResult[];
  readonly tookMs: number;
  readonly health: Connection['health'];
}

/** Tests a server that never answers, unsaved and saved; it takes its time, so the other tests run meanwhile. */
async function testHangingServer(): Promise<HangingTest> {
  await using server = await startTroubledServer(hang);
  const connection = await created({ name: HANGING_NAME, baseUrl: server.url, apiKey: KEYS.echoed });
  const startedMs = performance.now();
  const results = await Promise.all([
    espejo.call('testNewConnection', { body: { baseUrl: server.url, apiKey: KEYS.wrong } }),
    espejo.call('testConnection', { params: { id: connection.id } }),
  ]);
  return { results, tookMs: performance.now() - startedMs, health: (await get(connection.id)).health };
}

describe('the connection of the environment', () => {
  it('is there, with what the environment says, and no key in it', async () => {
    const { data } = await espejo.call('listConnections', {});
    expect(data.filter((connection) => connection.origin !== 'console')).toHaveLength(1);
    expect(data[0]).toMatchObject({
      id: 'default',
      origin: 'environment',
      kind: 'openai',
      baseUrl: sandbox.url,
      hasApiKey: true,
      isEnabled: true,
      syncCron: '0 3 * * *',
      isSyncEnabled: true,
    });
  });

  it.each([
    ['its key', { apiKey: 'sk-other' }],
    ['its place', { baseUrl: 'https://example.com/v1' }],
    ['its project', { project: 'proj_x' }],
    ['its organization', { organization: null }],
  ])('keeps %s: that is edited in the environment', async (_, json) => {
    expect(expectError(await patch('default', json), 403, 'connection_read_only')).toMatch(/OPENAI_/);
  });

  it('cannot be deleted here', async () => {
    expect(expectError(await remove('default'), 403, 'connection_read_only')).toMatch(/OPENAI_/);
  });

  it('takes a name and a schedule from the console', async () => {
    expect((await patch('default', { name: 'Production', syncCron: '*/10 * * * *' })).status).toBe(200);
    expect(await get('default')).toMatchObject({ name: 'Production', syncCron: '*/10 * * * *' });
  });
});

describe('connections of the console', () => {
  it('are created, read, edited and deleted', async () => {
    const connection = await created({ removalGraceSeconds: 0, concurrency: 3, organization: '', project: 'proj_a' });
    expect(connection).toMatchObject({
      name: 'Project A',
      origin: 'console',
      organization: null,
      project: 'proj_a',
      hasApiKey: true,
      removalGraceSeconds: 0,
      concurrency: 3,
      health: { status: 'unknown', message: null, checkedAt: null },
      storeCount: 0,
      nextTicks: [],
      syncCron: '0 3 * * *',
    });
    const edited = await patch(connection.id, { name: '  Renamed  ', isSyncEnabled: true, concurrency: 5 });
    expect(edited.json).toMatchObject({
      name: 'Renamed',
      concurrency: 5,
      nextTicks: expect.arrayContaining([expect.any(Number)]),
    });
    expect(await get(connection.id)).toEqual(edited.json);

    await syncOk(espejo, { connectionId: connection.id });
    expect(await get(connection.id)).toMatchObject({ storeCount: 4, fileCount: 12, health: { status: 'ok' } });
    const writesBefore = sandbox.requests.writes;
    const answer = await remove(connection.id);
    expect(answer.status).toBe(204);
    expect(answer.text).toBe('');
    expectError(await remove(connection.id), 404, 'connection_not_found');
    expectError(await espejo.request('GET', `/api/connections/${connection.id}`), 404, 'connection_not_found');
    // Its rows and runs are gone from here; upstream nothing was touched.
    expect((await espejo.call('listVectorStores', { query: { connectionId: connection.id } })).total).toBe(0);
    expect((await espejo.call('listFiles', { query: { connectionId: connection.id } })).total).toBe(0);
    expect((await espejo.call('listSyncRuns', { query: { connectionId: connection.id } })).total).toBe(0);
    expect(sandbox.requests.writes).toBe(writesBefore);
    expect(sandbox.stateOf('proj_a').storeIds()).toHaveLength(4);
  });

  it('exist once: the same key at the same place is a duplicate, however it is spelled', async () => {
    await created();
    expectError(await create({ name: 'Again' }), 409, 'connection_duplicate');
    expectError(
      await create({ name: 'Again', baseUrl: `${sandbox.url.toUpperCase().replace('/V1', '/v1')}//` }),
      409,
      'connection_duplicate',
    );
    const other = await created({ name: 'Project B', apiKey: KEYS.second });
    expectError(await patch(other.id, { apiKey: KEYS.first }), 409, 'connection_duplicate');
  });

  it('never mirror one project twice, even under two keys', async () => {
    const twin = await startSandbox({ sandbox });
    const connection = await created();
    const second = await created({ name: 'By another address', baseUrl: twin.url });
    await syncOk(espejo, { connectionId: connection.id });
    const run = await sync(espejo, { connectionId: second.id });
    expect(run).toMatchObject({ status: 'failed', error: { code: 'connection_duplicate' } });
    expect(await get(connection.id)).toMatchObject({ storeCount: 4 });
    await twin.close();
  });

  it('can be disabled: no sync, no schedule, and a sync under way is stopped', async () => {
    const connection = await created({ isSyncEnabled: true });
    using held = hold(sandbox, /^\/vector_stores$/);
    const { id: runId } = await espejo.call('startSyncRun', { body: { connectionId: connection.id } });
    await held.reached;
    expect((await patch(connection.id, { isEnabled: false })).json).toMatchObject({
      isEnabled: false,
      nextTicks: [],
      activeRunId: null,
    });
    expect((await ended(espejo, runId)).status).toBe('cancelled');
    held.release();
    const refused = await espejo.request('POST', '/api/sync-runs', { json: { connectionId: connection.id } });
    expectError(refused, 409, 'connection_disabled');
    await patch(connection.id, { isEnabled: true });
    await syncOk(espejo, { connectionId: connection.id });
  });

  it('can be deleted while they sync', async () => {
    const connection = await created();
    using held = hold(sandbox, /\/files$/);
    await espejo.call('startSyncRun', { body: { connectionId: connection.id } });
    await held.reached;
    expect((await remove(connection.id)).status).toBe(204);
    held.release();
    expect((await espejo.call('listVectorStores', { query: { connectionId: connection.id } })).total).toBe(0);
    expect((await espejo.call('getStatus', {})).activeRunIds).toEqual([]);
    // A run that is forgotten leaves nothing behind that would stop the next one.
    const again = await created();
    await syncOk(espejo, { connectionId: again.id });
  });

  it('whose key changes under way stop, keep their mirror, and are compared before they are believed', async () => {
    const connection = await created();
    await syncOk(espejo, { connectionId: connection.id });
    using held = hold(sandbox, /^\/vector_stores$/);
    const { id: runId } = await espejo.call('startSyncRun', { body: { connectionId: connection.id } });
    await held.reached;
    expect((await patch(connection.id, { apiKey: KEYS.second })).json).toMatchObject({
      health: { status: 'unknown' },
      storeCount: 4,
    });
    held.release();
    expect((await ended(espejo, runId)).status).toBe('cancelled');
    const run = await sync(espejo, { connectionId: connection.id });
    expect(run.status).toBe('needs_review');
    expect(run.plan?.reasons.map((reason) => reason.code)).toContain('project_changed');
    expect(await get(connection.id)).toMatchObject({ storeCount: 4, health: { status: 'needs_review' } });
    // The old key again: all is as it was.
    await patch(connection.id, { apiKey: KEYS.first });
    expect(await syncOk(espejo, { connectionId: connection.id })).toMatchObject({ plan: { isInSync: true } });
  });

  it('need not be named while there is one of the environment: that one is meant', async () => {
    await created();
    const { id } = await espejo.call('startSyncRun', { body: {} });
    expect((await ended(espejo, id)).connectionId).toBe('default');
  });
});

describe('what a connection cannot be', () => {
  it.each([
    ['no name', { name: ' ' }, 'invalid_request'],
    ['no key', { apiKey: '' }, 'invalid_request'],
    ['a URL that is none', { baseUrl: 'not a url' }, 'invalid_request'],
    ['a file', { baseUrl: 'file:///etc/passwd' }, 'invalid_request'],
    ['a script', { baseUrl: 'javascript:alert(1)' }, 'invalid_request'],
    ['a URL with a password', { baseUrl: 'http://me:hunter2@127.0.0.1/v1' }, 'invalid_base_url'],
    ['a URL with a query', { baseUrl: 'http://127.0.0.1/v1?key=1' }, 'invalid_base_url'],
    ['a URL with a fragment', { baseUrl: 'http://127.0.0.1/v1#x' }, 'invalid_base_url'],
    ['a malformed cron', { syncCron: 'every five minutes' }, 'invalid_cron'],
    ['a cron out of range', { syncCron: '61 * * * *' }, 'invalid_cron'],
    ['an endless grace', { removalGraceSeconds: -1 }, 'invalid_request'],
    ['too much at once', { concurrency: 1000 }, 'invalid_request'],
    ['a field of no meaning', { apikey: 'typo' }, 'invalid_request'],
  ])('%s', async (_, body, code) => {
    const before = (await espejo.call('listConnections', {})).data;
    const message = expectError(await create(body as Partial<CreateConnectionBody>), 400, code);
    expect(message).not.toContain('hunter2');
    expectError(
      await patch('default', body),
      'baseUrl' in body || 'apiKey' in body ? (code === 'invalid_request' ? 400 : 403) : 400,
      'baseUrl' in body && code !== 'invalid_request' ? 'connection_read_only' : code,
    );
    expect((await espejo.call('listConnections', {})).data).toEqual(before);
  });
});

describe('the test of a connection', () => {
  const test = (body: TestConnectionBody) => espejo.call('testNewConnection', { body });

  it('is an answer, not an error: a place that works', async () => {
    expect(await test({ baseUrl: sandbox.url, apiKey: KEYS.first })).toEqual({
      ok: true,
      code: null,
      message: expect.any(String),
      latencyMs: expect.any(Number),
      organization: 'org-acme',
      project: 'proj_a',
    });
  });

  it('a wrong key, a wrong project', async () => {
    expect(await test({ baseUrl: sandbox.url, apiKey: KEYS.wrong })).toMatchObject({
      ok: false,
      code: 'upstream_unauthorized',
    });
    expect(await test({ baseUrl: sandbox.url, apiKey: KEYS.first, project: 'proj_b' })).toMatchObject({
      ok: false,
      code: 'upstream_unauthorized',
    });
  });

  it('nobody there, no such host, a wrong path', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}/v1`;
    expect(await test({ baseUrl: nobody, apiKey: KEYS.wrong })).toMatchObject({
      ok: false,
      code: 'upstream_unavailable',
    });
    const noHost = await test({ baseUrl: 'http://no-such-host.invalid/v1', apiKey: KEYS.wrong });
    expect(noHost).toMatchObject({
      ok: false,
      code: 'upstream_unavailable',
      message: expect.stringContaining('no-such-host.invalid'),
    });
    const wrongPath = await test({ baseUrl: sandbox.url.replace('/v1', '/v2'), apiKey: KEYS.first });
    expect(wrongPath).toMatchObject({
      ok: false,
      code: 'upstream_malformed',
      message: expect.stringMatching(/base URL/),
    });
  });

  it('a web page, a server that says the key back', async () => {
    await using html = await startTroubledServer(serveHtml);
    expect(await test({ baseUrl: html.url, apiKey: KEYS.wrong })).toMatchObject({
      ok: false,
      code: 'upstream_malformed',
    });
    await using echo = await startTroubledServer(echoKey);
    expect(await test({ baseUrl: echo.url, apiKey: KEYS.echoed })).toMatchObject({
      ok: false,
      code: 'upstream_unauthorized',
    });
  });

  it('a server that hangs: the answer came within its time, and all of the above was answered meanwhile', async () => {
    const { results, tookMs, health } = await hanging;
    for (const result of results) {
      expect(result).toMatchObject({ ok: false, code: 'upstream_unavailable', message: expect.stringMatching(/15 s/) });
    }
    expect(tookMs).toBeLessThan(HANG_ANSWERED_MS);
    expect(health).toMatchObject({ status: 'unavailable', message: expect.stringMatching(/15 s/) });
  });

  it('of a saved one notes its health', async () => {
    const connection = await created({ apiKey: KEYS.wrong });
    const result = await espejo.call('testConnection', { params: { id: connection.id } });
    expect(result).toMatchObject({ ok: false, code: 'upstream_unauthorized' });
    expect((await get(connection.id)).health).toMatchObject({ status: 'unauthorized', message: result.message });
    await patch(connection.id, { apiKey: KEYS.first });
    expect((await espejo.call('testConnection', { params: { id: connection.id } })).ok).toBe(true);
    expect((await get(connection.id)).health).toMatchObject({ status: 'ok', message: null });
  });

  it('of one that is not there is 404', async () => {
    expectError(await espejo.request('POST', '/api/connections/conn_none/test'), 404, 'connection_not_found');
  });
});

describe('the schedule', () => {
  const preview = (expression: string) =>
    espejo.request('GET', `/api/cron-preview?expression=${encodeURIComponent(expression)}`);

  it('is previewed: the next five ticks', async () => {
    const { nextTicks } = await espejo.call('previewCron', { query: { expression: '*/15 * * * *' } });
    expect(nextTicks).toHaveLength(5);
    const nowS = Date.now() / 1000;
    expect(nextTicks[0]).toBeGreaterThan(nowS - 1);
    expect(nextTicks[0]).toBeLessThanOrEqual(nowS + 900);
    for (const [i, tick] of nextTicks.entries()) {
      expect(tick % 900).toBe(0);
      if (i > 0) expect(tick - (nextTicks[i - 1] ?? 0)).toBe(900);
    }
  });

  it.each(['', '* * *', '99 * * * *', '* * * * * * *', 'yesterday', '*/0 * * * *', '%', '*/5 * * * * ; rm -rf /'])(
    'refuses %j',
    async (expression) => {
      expectError(await preview(expression), 400, expression === '' ? 'invalid_request' : 'invalid_cron');
    },
  );

  it('runs by itself', async () => {
    const connection = await created({ syncCron: '* * * * * *', isSyncEnabled: true });
    const run = await until('a scheduled run', async () => {
      const page = await espejo.call('listSyncRuns', { query: { connectionId: connection.id } });
      return page.data.find((candidate) => candidate.trigger === 'schedule' && candidate.status === 'succeeded');
    });
    expect(run.counters.stores.added).toBe(4);
    await patch(connection.id, { isSyncEnabled: false });
  });
});

describe('keys', () => {
  it('are in no answer, no line of the log, and no byte of the data folder', () => {
    const secret = readFileSync(join(espejo.dataDir, 'secret'), 'utf8').trim();
    const places: [string, string][] = [
      ['the answers', espejo.transcript.join('\n')],
      ['the log', espejo.log],
      ...readdirSync(espejo.dataDir)
        .filter((name) => name.startsWith('espejo.db'))
        .map((name): [string, string] => [name, readFileSync(join(espejo.dataDir, name), 'latin1')]),
    ];
    expect(places.length).toBeGreaterThanOrEqual(3);
    expect(espejo.transcript.length).toBeGreaterThan(100);
    expect(espejo.log.length).toBeGreaterThan(10_000);
    for (const [place, content] of places) {
      for (const [name, key] of Object.entries({ ...KEYS, secret })) {
        expect(content.includes(key), `${name} in ${place}`).toBe(false);
        expect(content.includes(Buffer.from(key).toString('base64')), `${name}, encoded, in ${place}`).toBe(false);
      }
    }
  });
});
