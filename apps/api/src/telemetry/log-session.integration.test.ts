import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { expect, it, vi } from 'vitest';
import { serveApi } from '../testing/served-api.ts';
import { enableAsyncContext } from './async-context.ts';

enableAsyncContext();
const WAIT = { timeout: 600_000 };
const SECRETS = {
  secret: 'espejo-secret-of-the-test-session',
  apiKey: 'automation-key-of-the-test-session',
  stored: 'sk-stored-key-of-the-test-session',
  wrong: 'sk-wrong-bearer-of-the-test-session',
  cookie: 'cookie-of-the-test-session',
};

it('the log of a whole session names the cause of every line, and contains no secret', async () => {
  const api = await serveApi({ ESPEJO_SECRET: SECRETS.secret, ESPEJO_API_KEY: SECRETS.apiKey });
  const cookie = { cookie: `espejo.session=${SECRETS.cookie}` };

  // Rejected, malformed and good requests; a stored key, its test and an edit; a created API key.
  await api.call('GET', '/api/status', undefined, { authorization: `Bearer ${SECRETS.wrong}`, ...cookie });
  await api.call('POST', '/api/connections', { name: 1, apiKey: SECRETS.stored }, cookie);
  const made = (await api.call('POST', '/api/connections', {
    name: 'Away',
    baseUrl: 'http://127.0.0.1:9/v1',
    apiKey: SECRETS.stored,
    isSyncEnabled: false,
  })) as { id: string };
  expect(made.id).toMatch(/^conn_/);
  await api.call('POST', `/api/connections/${made.id}/test`, {});
  await api.call('PATCH', `/api/connections/${made.id}`, { apiKey: `${SECRETS.stored}-2` });
  const issued = (await api.call('POST', '/api/api-keys', { name: 'ci', role: 'viewer' })) as { key?: string };

  expect(issued.key).toMatch(/.{20}/);

  // A sync, an ingestion, and a deletion.
  const run = (await api.call('POST', '/api/sync-runs', { connectionId: 'sandbox' })) as { id: string };
  await vi.waitUntil(() => api.lines.some((line) => line.msg === 'sync ended'), WAIT);
  const store = (await api.call('POST', '/v1/vector_stores', { name: 'Ours' })) as { id: string };
  const fileId = await api.upload('a.bin', '\u0000\u0001\u0002');
  await api.call('POST', `/v1/vector_stores/${store.id}/files`, { file_id: fileId });
  await api.call('GET', '/api/nowhere');

  const lines = api.lines;
  const ofRun = lines.filter((line) => line.msg === 'sync started' || line.msg === 'sync ended');
  expect(ofRun).toHaveLength(2);
  for (const line of ofRun)
    expect(line).toMatchObject({ runId: run.id, connectionId: 'sandbox', startedBy: expect.stringMatching(/^req_/) });
  const requests = lines.filter((line) => line.msg === 'request' || line.msg === 'request refused');
  expect(requests.length).toBeGreaterThan(10);
  for (const line of requests) expect(line.reqId).toMatch(/^req_/);
  expect(lines.find((line) => line.msg === 'request' && line.operation === 'startSyncRun')?.reqId).toBe(
    ofRun[0]?.startedBy,
  );

  const text = api.text();
  for (const secret of [...Object.values(SECRETS), issued.key ?? 'no key was created'])
    expect(text, secret).not.toContain(secret);
  // Tools differ in how they read a name that occurs twice in a line.
  for (const line of text.split('\n')) expect([...line.matchAll(/"reqId":/g)].length).toBeLessThan(2);
});

it('a log line of a service has the request that caused it, though the body arrived late', async () => {
  const api = await serveApi();
  const { log, db } = api.services;
  const transaction = db.transaction.bind(db);
  vi.spyOn(api.services.db, 'transaction').mockImplementation(async (work, options) => {
    log.info({}, 'deep below');
    return transaction(work, options);
  });
  const sent = request(`${api.url}/v1/vector_stores`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', expect: '100-continue' },
  });
  sent.flushHeaders();
  await once(sent, 'continue');
  sent.end(JSON.stringify({ name: 'Ours' }));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  expect(response.statusCode).toBe(200);
  expect(api.lines.filter((line) => line.msg === 'deep below')).toContainEqual(
    expect.objectContaining({ reqId: response.headers['x-request-id'] }),
  );
});
