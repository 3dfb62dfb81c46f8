import type { CreateConnectionBody } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { serveHtml, startTroubledServer } from '../support/broken-servers.ts';
import { type Connections, connectionsOf } from '../support/connections.ts';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { hold } from '../support/hold.ts';
import { expectError } from '../support/http.ts';
import { expectNoKeys } from '../support/keys.ts';
import { ended, sync, syncOk, until } from '../support/sync.ts';

/** Every key used here; none may appear in an answer. */
const KEYS = {
  environment: 'sk-env-0b94d1c7e2f64a',
  first: 'sk-first-6d0f3b5a99c84e',
  second: 'sk-second-e13c7f2a5bd046',
} as const;

let sandbox: RunningSandbox;
let espejo: Espejo;
let connections: Connections;

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
  connections = connectionsOf(espejo, { baseUrl: sandbox.url, apiKey: KEYS.first });
});
afterEach(() => connections.clear());
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

describe('the connection of the environment', () => {
  it('exists with the settings of the environment and without the key', async () => {
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
    ['its base URL', { baseUrl: 'https://example.com/v1' }],
    ['its project', { project: 'proj_x' }],
    ['its organization', { organization: null }],
  ])('rejects an edit of %s, which is set in the environment', async (_, json) => {
    expect(expectError(await connections.patch('default', json), 403, 'connection_read_only')).toMatch(/OPENAI_/);
  });

  it('cannot be deleted over the API', async () => {
    expect(expectError(await connections.remove('default'), 403, 'connection_read_only')).toMatch(/OPENAI_/);
  });

  it('accepts a name and a schedule from the console', async () => {
    expect((await connections.patch('default', { name: 'Production', syncCron: '*/10 * * * *' })).status).toBe(200);
    expect(await connections.get('default')).toMatchObject({ name: 'Production', syncCron: '*/10 * * * *' });
  });
});

describe('connections of the console', () => {
  it('can be created, read, edited and deleted', async () => {
    const connection = await connections.created({
      removalGraceSeconds: 0,
      concurrency: 3,
      organization: '',
      project: 'proj_a',
    });
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
    const edited = await connections.patch(connection.id, { name: '  Renamed  ', isSyncEnabled: true, concurrency: 5 });
    expect(edited.json).toMatchObject({
      name: 'Renamed',
      concurrency: 5,
      nextTicks: expect.arrayContaining([expect.any(Number)]),
    });
    expect(await connections.get(connection.id)).toEqual(edited.json);

    await syncOk(espejo, { connectionId: connection.id });
    expect(await connections.get(connection.id)).toMatchObject({
      storeCount: 4,
      fileCount: 12,
      health: { status: 'ok' },
    });
    const writesBefore = sandbox.requests.writes;
    const answer = await connections.remove(connection.id);
    expect(answer.status).toBe(204);
    expect(answer.text).toBe('');
    expectError(await connections.remove(connection.id), 404, 'connection_not_found');
    expectError(await espejo.request('GET', `/api/connections/${connection.id}`), 404, 'connection_not_found');
    // Its rows and runs are deleted; nothing changed upstream.
    expect((await espejo.call('listVectorStores', { query: { connectionId: connection.id } })).total).toBe(0);
    expect((await espejo.call('listFiles', { query: { connectionId: connection.id } })).total).toBe(0);
    expect((await espejo.call('listSyncRuns', { query: { connectionId: connection.id } })).total).toBe(0);
    expect(sandbox.requests.writes).toBe(writesBefore);
    expect(sandbox.stateOf('proj_a').storeIds()).toHaveLength(4);
  });

  it('are rejected as duplicates for the same key and server, however the URL is spelled', async () => {
    await connections.created();
    expectError(await connections.create({ name: 'Again' }), 409, 'connection_duplicate');
    expectError(
      await connections.create({ name: 'Again', baseUrl: `${sandbox.url.toUpperCase().replace('/V1', '/v1')}//` }),
      409,
      'connection_duplicate',
    );
    const other = await connections.created({ name: 'Project B', apiKey: KEYS.second });
    expectError(await connections.patch(other.id, { apiKey: KEYS.first }), 409, 'connection_duplicate');
  });

  it('never mirror one project twice, even under two keys', async () => {
    const twin = await startSandbox({ sandbox });
    const connection = await connections.created();
    const second = await connections.created({ name: 'By another address', baseUrl: twin.url });
    await syncOk(espejo, { connectionId: connection.id });
    const run = await sync(espejo, { connectionId: second.id });
    expect(run).toMatchObject({ status: 'failed', error: { code: 'connection_duplicate' } });
    expect(await connections.get(connection.id)).toMatchObject({ storeCount: 4 });
    await twin.close();
  });

  it('can be disabled: nothing is scheduled or started, and a running sync is cancelled', async () => {
    const connection = await connections.created({ isSyncEnabled: true });
    using held = hold(sandbox, /^\/vector_stores$/);
    const { id: runId } = await espejo.call('startSyncRun', { body: { connectionId: connection.id } });
    await held.reached;
    expect((await connections.patch(connection.id, { isEnabled: false })).json).toMatchObject({
      isEnabled: false,
      nextTicks: [],
      activeRunId: null,
    });
    expect((await ended(espejo, runId)).status).toBe('cancelled');
    held.release();
    const refused = await espejo.request('POST', '/api/sync-runs', { json: { connectionId: connection.id } });
    expectError(refused, 409, 'connection_disabled');
    await connections.patch(connection.id, { isEnabled: true });
    await syncOk(espejo, { connectionId: connection.id });
  });

  it('can be deleted while they sync', async () => {
    const connection = await connections.created();
    using held = hold(sandbox, /\/files$/);
    await espejo.call('startSyncRun', { body: { connectionId: connection.id } });
    await held.reached;
    expect((await connections.remove(connection.id)).status).toBe(204);
    held.release();
    expect((await espejo.call('listVectorStores', { query: { connectionId: connection.id } })).total).toBe(0);
    expect((await espejo.call('getStatus', {})).activeRunIds).toEqual([]);
    // A deleted run leaves nothing behind that would block the next one.
    const again = await connections.created();
    await syncOk(espejo, { connectionId: again.id });
  });

  it('stop the running sync when their key changes, keep their mirror, and compare before removing anything', async () => {
    const connection = await connections.created();
    await syncOk(espejo, { connectionId: connection.id });
    using held = hold(sandbox, /^\/vector_stores$/);
    const { id: runId } = await espejo.call('startSyncRun', { body: { connectionId: connection.id } });
    await held.reached;
    expect((await connections.patch(connection.id, { apiKey: KEYS.second })).json).toMatchObject({
      health: { status: 'unknown' },
      storeCount: 4,
    });
    held.release();
    expect((await ended(espejo, runId)).status).toBe('cancelled');
    const run = await sync(espejo, { connectionId: connection.id });
    expect(run.status).toBe('needs_review');
    expect(run.plan?.reasons.map((reason) => reason.code)).toContain('project_changed');
    expect(await connections.get(connection.id)).toMatchObject({ storeCount: 4, health: { status: 'needs_review' } });
    // With the old key again nothing has changed.
    await connections.patch(connection.id, { apiKey: KEYS.first });
    expect(await syncOk(espejo, { connectionId: connection.id })).toMatchObject({ plan: { isInSync: true } });
  });

  it('never send a stored key to another address: a new base URL without the key is rejected', async () => {
    const heard: unknown[] = [];
    await using listener = await startTroubledServer((request, response) => {
      heard.push(request.headers.authorization);
      serveHtml(request, response);
    });
    const connection = await connections.created({ project: 'proj_a' });
    for (const change of [{ baseUrl: listener.url }, { project: 'proj_b' }, { organization: 'org-other' }]) {
      expectError(await connections.patch(connection.id, change), 400, 'api_key_required');
    }
    expect(await connections.get(connection.id)).toEqual(connection);
    expect(await espejo.call('testConnection', { params: { id: connection.id } })).toMatchObject({ ok: true });
    expect(heard).toEqual([]);

    const moved = { baseUrl: listener.url, apiKey: KEYS.second };
    expect((await connections.patch(connection.id, moved)).status).toBe(200);
    await espejo.call('testConnection', { params: { id: connection.id } });
    expect(new Set(heard)).toEqual(new Set([`Bearer ${KEYS.second}`]));
    const { data } = await espejo.call('listAuditEvents', { query: { kind: 'connection' } });
    expect(
      data.find(({ subject, action }) => subject === connection.id && action === 'connection.updated'),
    ).toMatchObject({
      detail: { before: { baseUrl: sandbox.url }, after: { baseUrl: listener.url } },
    });
  });

  it('may be omitted in a request while the environment defines one', async () => {
    await connections.created();
    const { id } = await espejo.call('startSyncRun', { body: {} });
    expect((await ended(espejo, id)).connectionId).toBe('default');
  });
});

describe('invalid connections', () => {
  it.each([
    ['no name', { name: ' ' }, 'invalid_request'],
    ['no key', { apiKey: '' }, 'invalid_request'],
    ['an invalid URL', { baseUrl: 'not a url' }, 'invalid_request'],
    ['a file URL', { baseUrl: 'file:///etc/passwd' }, 'invalid_request'],
    ['a script URL', { baseUrl: 'javascript:alert(1)' }, 'invalid_request'],
    ['a URL with a password', { baseUrl: 'http://me:hunter2@127.0.0.1/v1' }, 'invalid_base_url'],
    ['a URL with a query', { baseUrl: 'http://127.0.0.1/v1?key=1' }, 'invalid_base_url'],
    ['a URL with a fragment', { baseUrl: 'http://127.0.0.1/v1#x' }, 'invalid_base_url'],
    ['a malformed cron', { syncCron: 'every five minutes' }, 'invalid_cron'],
    ['a cron out of range', { syncCron: '61 * * * *' }, 'invalid_cron'],
    ['a negative grace period', { removalGraceSeconds: -1 }, 'invalid_request'],
    ['too much concurrency', { concurrency: 1000 }, 'invalid_request'],
    ['an unknown field', { apikey: 'typo' }, 'invalid_request'],
  ])('are rejected with 400: %s', async (_, body, code) => {
    const before = (await espejo.call('listConnections', {})).data;
    const message = expectError(await connections.create(body as Partial<CreateConnectionBody>), 400, code);
    expect(message).not.toContain('hunter2');
    expectError(
      await connections.patch('default', body),
      'baseUrl' in body || 'apiKey' in body ? (code === 'invalid_request' ? 400 : 403) : 400,
      'baseUrl' in body && code !== 'invalid_request' ? 'connection_read_only' : code,
    );
    expect((await espejo.call('listConnections', {})).data).toEqual(before);
  });
});

describe('the sync schedule', () => {
  const preview = (expression: string) =>
    espejo.request('GET', `/api/cron-preview?expression=${encodeURIComponent(expression)}`);

  it('previews the next five ticks', async () => {
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
    'rejects the expression %j',
    async (expression) => {
      expectError(await preview(expression), 400, expression === '' ? 'invalid_request' : 'invalid_cron');
    },
  );

  it('starts sync runs automatically', async () => {
    const connection = await connections.created({ syncCron: '* * * * * *', isSyncEnabled: true });
    const run = await until('a scheduled run', async () => {
      const page = await espejo.call('listSyncRuns', { query: { connectionId: connection.id } });
      return page.data.find((candidate) => candidate.trigger === 'schedule' && candidate.status === 'succeeded');
    });
    expect(run.counters.stores.added).toBe(4);
    await connections.patch(connection.id, { isSyncEnabled: false });
  });
});

it('no key of a connection is in any answer, any line of the log, or any byte of the data folder', () => {
  expectNoKeys(espejo, KEYS);
});
