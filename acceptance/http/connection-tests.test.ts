import type { Connection, ConnectionTestResult, TestConnectionBody } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { echoKey, hang, serveHtml, startTroubledServer } from '../support/broken-servers.ts';
import { type Connections, connectionsOf } from '../support/connections.ts';
import { type Espejo, freePort, startEspejo } from '../support/espejo.ts';
import { expectError } from '../support/http.ts';
import { expectNoKeys } from '../support/keys.ts';

/** Every key used here; none may appear in an answer. */
const KEYS = {
  environment: 'sk-env-0b94d1c7e2f64a',
  first: 'sk-first-6d0f3b5a99c84e',
  wrong: 'sk-wrong-47fa08d9b1e35c',
  echoed: 'sk-echoed-9c2e6b7d10f5a3',
} as const;
const HANGING_NAME = 'Hanging';

let sandbox: RunningSandbox;
let espejo: Espejo;
let connections: Connections;
let hanging: Promise<HangingTest>;

beforeAll(async () => {
  sandbox = await startSandbox({
    organization: 'org-acme',
    keys: { [KEYS.environment]: 'proj_env', [KEYS.first]: 'proj_a' },
  });
  espejo = await startEspejo({
    env: {
      OPENAI_BASE_URL: sandbox.url,
      OPENAI_API_KEY: KEYS.environment,
      ESPEJO_SYNC_ENABLED: 'false',
      LOG_LEVEL: 'trace',
    },
  });
  connections = connectionsOf(espejo, { baseUrl: sandbox.url, apiKey: KEYS.first });
  hanging = testHangingServer();
  hanging.catch(() => undefined);
});
afterEach(() => connections.clear(HANGING_NAME));
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

interface HangingTest {
  readonly results: readonly ConnectionTestResult[];
  readonly health: Connection['health'];
}

/** Tests a server that never answers, unsaved and saved; the other tests run during the time-out. */
async function testHangingServer(): Promise<HangingTest> {
  await using server = await startTroubledServer(hang);
  const connection = await connections.created({ name: HANGING_NAME, baseUrl: server.url, apiKey: KEYS.echoed });
  const results = await Promise.all([
    espejo.call('testNewConnection', { body: { baseUrl: server.url, apiKey: KEYS.wrong } }),
    espejo.call('testConnection', { params: { id: connection.id } }),
  ]);
  return { results, health: (await connections.get(connection.id)).health };
}

describe('the test of a connection', () => {
  const test = (body: TestConnectionBody) => espejo.call('testNewConnection', { body });

  it('answers 200 with a successful result for a working server', async () => {
    expect(await test({ baseUrl: sandbox.url, apiKey: KEYS.first })).toEqual({
      ok: true,
      code: null,
      message: expect.any(String),
      permissions: [
        { permission: 'read_vector_stores', state: 'allowed', message: null },
        { permission: 'read_files', state: 'allowed', message: null },
        { permission: 'write', state: 'unknown', message: expect.any(String) },
      ],
      latencyMs: expect.any(Number),
      organization: 'org-acme',
      project: 'proj_a',
    });
  });

  it('reports a wrong key and a wrong project', async () => {
    expect(await test({ baseUrl: sandbox.url, apiKey: KEYS.wrong })).toMatchObject({
      ok: false,
      code: 'upstream_unauthorized',
    });
    expect(await test({ baseUrl: sandbox.url, apiKey: KEYS.first, project: 'proj_b' })).toMatchObject({
      ok: false,
      code: 'upstream_unauthorized',
    });
  });

  it('names the missing scope of a key that may not read files', async () => {
    const id = sandbox.faults.add({
      kind: 'status',
      status: 401,
      path: '/files',
      message: 'You have insufficient permissions for this operation. Missing scopes: api.files.read.',
      code: null,
    });
    const result = await test({ baseUrl: sandbox.url, apiKey: KEYS.first });
    sandbox.faults.remove(id);
    expect(result).toMatchObject({
      ok: false,
      code: 'upstream_forbidden',
      message: expect.stringMatching(/^Vector stores can be read, files cannot\. .*scope api\.files\.read is missing/),
    });
  });

  it('reports a refused connection, an unknown host and a wrong path', async () => {
    const closedPort = `http://127.0.0.1:${await freePort()}/v1`;
    expect(await test({ baseUrl: closedPort, apiKey: KEYS.wrong })).toMatchObject({
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

  it('reports an HTML page, and redacts the key when the server repeats it', async () => {
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

  it('ends after 15 s when the server never answers, and other tests are answered meanwhile', async () => {
    const { results, health } = await hanging;
    for (const result of results) {
      expect(result).toMatchObject({ ok: false, code: 'upstream_unavailable', message: expect.stringMatching(/15 s/) });
    }
    expect(health).toMatchObject({ status: 'unavailable', message: expect.stringMatching(/15 s/) });
  });

  it('updates the health of a saved connection', async () => {
    const connection = await connections.created({ apiKey: KEYS.wrong });
    const result = await espejo.call('testConnection', { params: { id: connection.id } });
    expect(result).toMatchObject({ ok: false, code: 'upstream_unauthorized' });
    expect((await connections.get(connection.id)).health).toMatchObject({
      status: 'unauthorized',
      message: result.message,
    });
    await connections.patch(connection.id, { apiKey: KEYS.first });
    expect((await espejo.call('testConnection', { params: { id: connection.id } })).ok).toBe(true);
    expect((await connections.get(connection.id)).health).toMatchObject({ status: 'ok', message: null });
  });

  it('answers 404 for an unknown connection', async () => {
    expectError(await espejo.request('POST', '/api/connections/conn_none/test'), 404, 'connection_not_found');
  });
});

it('no key of a connection test is in any answer, any line of the log, or any byte of the data folder', () => {
  expectNoKeys(espejo, KEYS);
});
