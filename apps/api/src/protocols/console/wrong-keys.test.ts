import type { AuditPage, CreatedApiKey } from '@espejo/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Answer, createBrowser, setUp, type TestBrowser } from '../../testing/browser.ts';
import { type ApiHarness, createApiHarness } from '../../testing/whole-api-harness.ts';

const ATTEMPTS = 1_000;
const AT_ONCE = 20;
const ENDPOINTS = ['/api/status', '/v1/vector_stores', '/metrics', '/api/session', '/api/nowhere'] as const;

let api: ApiHarness;
let ana: TestBrowser;
beforeEach(async () => {
  api = await createApiHarness(1_800_000_000_000);
  ana = await setUp(api);
});

/** The response of `/metrics` is no JSON, so it is read as text. */
async function ask(url: string, key: string, address = '203.0.113.9') {
  const { statusCode, headers, body } = await api.send({
    method: 'GET',
    url,
    remoteAddress: address,
    headers: { host: 'localhost', authorization: `Bearer ${key}` },
  });
  return { status: statusCode, headers, body };
}

async function entries(): Promise<AuditPage['data']> {
  return ((await ana.send('GET', '/api/audit-events?q=key.refused&limit=200')).body as AuditPage).data;
}

const makeKey = async (fields: object = {}) =>
  ((await ana.send('POST', '/api/api-keys', { name: 'ci', role: 'viewer', ...fields })).body as CreatedApiKey).key;

describe('a thousand invalid keys', () => {
  it('are counted together over all protocols; after a few they are answered 429, and a valid key is accepted', async () => {
    // Metrics cover all tenants, so they need an owner's key.
    const key = await makeKey({ role: 'owner', actions: ['read'] });
    const statuses: number[] = [];
    for (let n = 0; n < ATTEMPTS; n += 1) {
      const endpoint = ENDPOINTS[n % 3] ?? '/api/status';
      statuses.push((await ask(endpoint, `${n % 2 === 0 ? 'esp_' : ''}probe-${n}`)).status);
    }
    expect(statuses.slice(0, AT_ONCE)).toEqual(Array.from({ length: AT_ONCE }, () => 401));
    expect(new Set(statuses.slice(AT_ONCE))).toEqual(new Set([429]));
    for (const endpoint of ENDPOINTS.slice(0, 3)) expect((await ask(endpoint, key)).status).toBe(200);

    // Other networks were not counted, and a signed-in user needs no key.
    expect((await ask('/api/status', 'wrong', '198.51.100.7')).status).toBe(401);
    expect((await ana.send('GET', '/api/status')).status).toBe(200);

    const written = await entries();
    expect(written.length).toBeLessThanOrEqual(10);
    expect(written[0]).toMatchObject({
      actor: 'unknown',
      subject: 'unknown',
      outcome: 'denied',
      address: '203.0.113.9',
      detail: { refused: AT_ONCE, throttled: 512 - AT_ONCE },
    });
    expect(JSON.stringify(written)).not.toContain('probe');
    const { body } = await ask('/metrics', key);
    expect(body).toContain(`espejo_wrong_keys_total{answer="refused"} ${AT_ONCE + 1}`);
    expect(body).toContain(`espejo_wrong_keys_total{answer="throttled"} ${ATTEMPTS - AT_ONCE}`);
  });

  it('add about twenty entries to the audit when each comes from another address', async () => {
    for (let n = 0; n < ATTEMPTS; n += 1) {
      expect((await ask('/api/status', 'wrong', `10.1.${n >> 8}.${n & 255}`)).status).toBe(401);
    }
    expect((await entries()).length).toBeLessThanOrEqual(10);
  });
});

it('invalid keys are answered with Retry-After in the console API, and with no retry for the SDKs', async () => {
  for (let n = 0; n < AT_ONCE; n += 1) await ask('/api/status', 'wrong');
  const console = await ask('/api/status', 'wrong');
  expect(console).toMatchObject({ status: 429, headers: { 'retry-after': '3' } });
  expect(console.body).toContain('"code":"key_throttled"');
  expect((await ask('/v1/vector_stores', 'wrong')).headers).toMatchObject({ 'x-should-retry': 'false' });
  api.clock.advance(3_000);
  expect((await ask('/api/status', 'wrong')).status).toBe(401);
  expect((await ask('/api/status', 'wrong')).status).toBe(429);
});

it('invalid keys are counted by IPv6 network, and a revoked key counts as invalid', async () => {
  const { id, key } = (await ana.send('POST', '/api/api-keys', { name: 'ci', role: 'viewer' })).body as CreatedApiKey;
  await ana.send('DELETE', `/api/api-keys/${id}`);
  const statuses: number[] = [];
  for (let n = 0; n <= AT_ONCE; n += 1) {
    statuses.push((await ask('/api/status', key, `2001:db8:1:2::${n.toString(16)}`)).status);
  }
  expect(statuses.at(-1)).toBe(429);
});

it('invalid keys do not affect the session endpoints, so that a browser with a stale key can sign in', async () => {
  const stale = createBrowser(api, '203.0.113.9');
  const answers: Answer[] = [];
  for (let time = 0; time < AT_ONCE * 2; time += 1) {
    answers.push(await stale.send('GET', '/api/session', undefined, { authorization: 'Bearer esp_stale' }));
  }
  expect(answers.at(-1)).toMatchObject({ status: 200, body: { state: 'signed_out' } });
});

it('invalid keys do not lock out the automation key from the same network', async () => {
  const automation = 'the-automation-key';
  api = await createApiHarness(1_800_000_000_000, { ESPEJO_API_KEY: automation });
  const statuses: number[] = [];
  for (let n = 0; n < 50; n += 1) statuses.push((await ask('/api/status', `${automation}${n}`)).status);
  expect(statuses.at(-1)).toBe(429);
  expect((await ask('/api/status', automation)).status).toBe(200);
});

it('keys are not counted while no key is needed: an SDK always sends one, on a trusted machine too', async () => {
  api = await createApiHarness(1_800_000_000_000);
  for (let time = 0; time < AT_ONCE * 2; time += 1) {
    expect((await ask('/v1/vector_stores', 'none', '127.0.0.1')).status).toBe(200);
  }
});
