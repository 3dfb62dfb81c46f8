import { describe, expect, it } from 'vitest';
import { createBrowser, setUp } from './testing/browser.ts';
import { createApiHarness } from './testing/whole-api-harness.ts';

const COMMON = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

describe('every response', () => {
  it.each([
    '/api/session',
    '/api/status',
    '/api/nothing',
    '/v1/vector_stores',
    '/v1/nothing',
    '/healthz',
    '/metrics',
    '/nothing',
  ])('of %s forbids sniffing, framing, caching and loading', async (url) => {
    const api = await createApiHarness(1_800_000_000_000);
    const { headers } = await api.send({ method: 'GET', url });
    expect(headers).toMatchObject(COMMON);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    );
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('of /api/openapi.json, which contains no user data, may be cached with revalidation', async () => {
    const api = await createApiHarness(1_800_000_000_000);
    const first = await api.send({ method: 'GET', url: '/api/openapi.json' });
    expect(first.headers).toMatchObject({ ...COMMON, 'cache-control': 'no-cache' });
    const etag = String(first.headers.etag);
    const again = await api.send({ method: 'GET', url: '/api/openapi.json', headers: { 'if-none-match': etag } });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it('sets HSTS when Espejo is reached over https', async () => {
    const api = await createApiHarness(1_800_000_000_000, {
      ESPEJO_PUBLIC_HOST: 'espejo.example',
      ESPEJO_API_KEY: 'the-automation-key',
    });
    const { headers } = await api.send({ method: 'GET', url: '/api/session' });
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
  });
});

it('the policy of the reference page allows its own scripts only, and no framing', async () => {
  const api = await createApiHarness(1_800_000_000_000);
  await setUp(api);
  const { headers, statusCode, body } = await api.send({ method: 'GET', url: '/api/docs/' });
  expect([statusCode, body.includes('<script')]).toEqual([200, true]);
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
  const policy = String(headers['content-security-policy']);
  expect(policy).toMatch(/^default-src 'self'; base-uri 'self'; font-src 'self' data:; frame-ancestors 'none'; /);
  expect(policy).toMatch(/script-src 'self' ?( 'sha256-[^']+')*; script-src-attr 'none'/);
  expect(policy).not.toMatch(/https?:|\*|[a-z]\.[a-z]|unsafe-eval/);
  expect((await createBrowser(api).send('GET', '/api/status')).status).toBe(401);
});
