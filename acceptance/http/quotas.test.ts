import type { LimitUsage, SomeQuotaLimits, Usage } from '@espejo/contracts';
import OpenAI, { PermissionDeniedError, RateLimitError } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { API_KEY, type Espejo, startEspejo } from '../support/espejo.ts';
import { expectErrorDetails } from '../support/http.ts';

const TENANT = 'default';
const TIMES = 50;
const DAY_MS = 86_400_000;

/** Counts of a tenant's requests by status. */
async function endsOf(requests: readonly Promise<{ status: number }>[]): Promise<Record<number, number>> {
  const ends: Record<number, number> = {};
  for (const { status } of await Promise.all(requests)) ends[status] = (ends[status] ?? 0) + 1;
  return ends;
}

describe('quotas', () => {
  let espejo: Espejo;
  let viewerKey = '';

  beforeAll(async () => {
    espejo = await startEspejo({ env: { ESPEJO_SYNC_ENABLED: 'false' } });
    viewerKey = (await espejo.call('createApiKey', { body: { name: 'Viewer', role: 'viewer' } })).key;
    await espejo.call('createPlan', { body: { id: 'small', name: 'Small' } });
  });
  beforeEach(() => allow({}));
  afterAll(() => espejo?.[Symbol.asyncDispose]());

  /** Puts the tenant on the plan "small" with these limits and no others of its own. */
  async function allow(overrides: SomeQuotaLimits): Promise<void> {
    await espejo.call('putTenantPlan', { params: { id: TENANT }, body: { planId: 'small', overrides } });
  }
  /** Requests that the SDK has sent, retries included. */
  let sent = 0;
  const sdk = (maxRetries = 0) =>
    new OpenAI({
      apiKey: API_KEY,
      baseURL: `${espejo.url}/v1`,
      maxRetries,
      fetch: (url, init) => {
        sent += 1;
        return fetch(url, init);
      },
    });
  async function usageOf(name: LimitUsage['name']): Promise<LimitUsage> {
    const { limits } = await espejo.call('getUsage', {});
    const found = limits.find((limit) => limit.name === name);
    if (found === undefined) throw new Error(`There is no limit ${name}.`);
    return found;
  }
  const send = (storeId: string, text: string) =>
    espejo.request('POST', `/api/vector-stores/${storeId}/uploads?filename=a.txt`, {
      body: text,
      headers: { 'content-type': 'text/plain' },
    });

  it('of a tenant plan apply at once, are shown to the tenant, and end with the plan', async () => {
    await espejo.call('updatePlan', { params: { id: 'small' }, body: { limits: { storesMax: 1 } } });
    await espejo.call('createVectorStore', { body: { name: 'One' } });
    const refused = await espejo.request('POST', '/api/vector-stores', { json: { name: 'Two' } });
    expect(expectErrorDetails(refused, 403, 'quota_exceeded')).toEqual({ limit: 'storesMax', max: 1, present: 1 });
    expect(refused.headers.get('retry-after')).toBeNull();
    expect(await usageOf('storesMax')).toEqual({
      name: 'storesMax',
      unit: 'stores',
      used: 1,
      max: 1,
      setBy: 'plan',
      resetsAt: null,
    });
    expect(await espejo.call('getUsage', {})).toMatchObject({ plan: { id: 'small', name: 'Small' } });
    const inUse = await espejo.request('DELETE', '/api/plans/small');
    expect(expectErrorDetails(inUse, 409, 'plan_in_use')).toEqual({ tenantIds: [TENANT] });
    await espejo.call('updatePlan', { params: { id: 'small' }, body: { limits: { storesMax: null } } });
    await espejo.call('createVectorStore', { body: { name: 'Two' } });
    const { data } = await espejo.call('listAuditEvents', { query: { kind: 'plan' } });
    expect(data.map((event) => event.action)).toEqual(expect.arrayContaining(['plan.updated', 'plan.assigned']));
  });

  it('can be read by every member and set only by the operator', async () => {
    const ask = (method: string, path: string) => espejo.request(method, path, { key: viewerKey });
    expect((await ask('GET', '/api/usage')).status).toBe(200);
    for (const [method, path] of [
      ['GET', '/api/plans'],
      ['PUT', `/api/tenants/${TENANT}/plan`],
      ['DELETE', '/api/plans/small'],
    ] as const) {
      expect((await ask(method, path)).status).toBe(403);
    }
    const unknown = await espejo.request('GET', '/api/tenants/unknown/plan');
    expect(unknown.status).toBe(404);
    expect((await espejo.request('PATCH', '/api/plans/unlimited', { json: {} })).status).toBe(403);
  });

  it('that no wait can help are answered so that the SDK does not retry', async () => {
    await allow({ storesMax: 0, fileBytesMax: 4 });
    sent = 0;
    const refused = await sdk(2)
      .vectorStores.create({ name: 'More' })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(PermissionDeniedError);
    expect(refused).toMatchObject({ status: 403, code: 'quota_exceeded', error: { details: { limit: 'storesMax' } } });
    expect(sent).toBe(1);
    await expect(
      sdk().files.create({ file: new File(['12345'], 'a.txt'), purpose: 'assistants' }),
    ).rejects.toMatchObject({ status: 403, code: 'quota_exceeded' });
  });

  it('with one store left allow one of fifty concurrent creations', async () => {
    const { used } = await usageOf('storesMax');
    await allow({ storesMax: (used ?? 0) + 1 });
    const create = () => espejo.request('POST', '/api/vector-stores', { json: {} });
    expect(await endsOf(Array.from({ length: TIMES }, create))).toEqual({ 201: 1, 403: TIMES - 1 });
    expect(await usageOf('storesMax')).toMatchObject({ used: (used ?? 0) + 1, max: (used ?? 0) + 1 });
  });

  it('with room for one file allow one of fifty concurrent uploads, streamed or in parts', async () => {
    const { id } = await espejo.call('createVectorStore', { body: { name: 'Files' } });
    const before = (await usageOf('totalBytesMax')).used ?? 0;
    await allow({ totalBytesMax: before + 19 });
    const announce = () =>
      espejo.request('POST', '/v1/uploads', {
        json: { filename: 'a.txt', purpose: 'assistants', bytes: 10, mime_type: 'text/plain' },
      });
    const ends = await endsOf(
      Array.from({ length: TIMES }, (_, i) =>
        i % 2 === 0 ? announce() : send(id, `text ${String(i).padStart(5, '0')}`),
      ),
    );
    expect((ends[200] ?? 0) + (ends[201] ?? 0)).toBe(1);
    expect(ends[403]).toBe(TIMES - 1);
    expect(await usageOf('totalBytesMax')).toMatchObject({ used: before + 10, max: before + 19, setBy: 'plan' });
  });

  it('of searches allow exactly the configured number and return when they reset', async () => {
    const { id } = await espejo.call('createVectorStore', { body: { name: 'Search' } });
    const before = (await usageOf('searchesPerDayMax')).used ?? 0;
    await allow({ searchesPerDayMax: before + 20 });
    const search = (turn: number) =>
      turn % 2 === 0
        ? espejo.request('POST', `/api/vector-stores/${id}/search`, { json: { queries: ['x'] } })
        : espejo.request('POST', `/v1/vector_stores/${id}/search`, { json: { query: 'x' } });
    const ends = await endsOf(Array.from({ length: TIMES }, (_, turn) => search(turn)));
    expect(ends).toEqual({ 200: 20, 429: TIMES - 20 });
    const midnightS = ((Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS) / 1000;
    expect(await usageOf('searchesPerDayMax')).toMatchObject({ used: before + 20, resetsAt: midnightS });
    // The wait is too long for a retry, so the answer tells the SDK not to.
    const refused = await search(1);
    expect(refused.headers.get('x-should-retry')).toBe('false');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.json).toMatchObject({
      error: { code: 'rate_limit_exceeded', type: 'requests', details: { limit: 'searchesPerDayMax' } },
    });
    sent = 0;
    await expect(sdk(2).vectorStores.search(id, { query: 'x' })).rejects.toBeInstanceOf(RateLimitError);
    expect(sent).toBe(1);
  });

  it('of tokens allow a file while some are left, and then record the error in the file', async () => {
    const { id } = await espejo.call('createVectorStore', { body: { name: 'Tokens' } });
    const used = (await usageOf('ingestedTokensPerDayMax')).used ?? 0;
    await allow({ ingestedTokensPerDayMax: used + 8 });
    const text = 'one two three four five six';
    const first = await sdk().vectorStores.files.uploadAndPoll(id, new File([text], 'one.txt'));
    expect(first.status).toBe('completed');
    const tokens = ((await usageOf('ingestedTokensPerDayMax')).used ?? 0) - used;
    expect(tokens).toBeGreaterThanOrEqual(6);
    const second = await sdk().vectorStores.files.uploadAndPoll(id, new File([`${text} seven`], 'two.txt'));
    expect(second).toMatchObject({ status: 'failed' });
    expect(second.last_error?.message).toMatch(/Tokens ingested per day: at most.*Try again at/);
    // The same text again costs no tokens.
    const again = await sdk().vectorStores.files.uploadAndPoll(id, new File([text], 'three.txt'));
    expect(again.status).toBe('completed');
    expect(await usageOf('ingestedTokensPerDayMax')).toMatchObject({ used: used + tokens });
  });

  it('of requests limit both APIs, and the operator can still change them', async () => {
    await allow({ requestsPerMinuteMax: 10 });
    const ask = (turn: number) => espejo.request('GET', turn % 2 === 0 ? '/api/status' : '/v1/models-are-not-here');
    const ends = await endsOf(Array.from({ length: TIMES }, (_, turn) => ask(turn)));
    expect(ends[429]).toBeGreaterThanOrEqual(TIMES - 12);
    expect((ends[200] ?? 0) + (ends[404] ?? 0)).toBeGreaterThanOrEqual(10);
    const wire = await espejo.request('GET', '/v1/vector_stores');
    expect(wire.json).toMatchObject({ error: { code: 'rate_limit_exceeded', type: 'requests', param: null } });
    expect(wire.headers.get('x-should-retry')).toBeNull();
    expect(Number(wire.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    const refused = await espejo.request('GET', '/api/status');
    expect(expectErrorDetails(refused, 429, 'rate_limit_exceeded')).toMatchObject({
      limit: 'requestsPerMinuteMax',
      max: 10,
      present: 10,
    });
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    // The official SDK waits as long as retry-after says, and succeeds.
    expect((await sdk(5).vectorStores.list()).data.length).toBeGreaterThan(0);
    // Health checks, metrics and the operator's plan requests do not count.
    expect((await espejo.request('GET', '/healthz')).status).toBe(200);
    const metrics = await espejo.request('GET', '/metrics');
    expect(metrics.text).toMatch(/^espejo_quota_refusals_total\{limit="requestsPerMinuteMax"\} [1-9]/m);
    expect(metrics.text).toMatch(/^espejo_quota_refusals_total\{limit="storesMax"\} [1-9]/m);
    expect(metrics.text).toMatch(/^espejo_quota_refusals_total\{limit="ingestedTokensPerDayMax"\} 1$/m);
    expect(metrics.text).toMatch(/^espejo_quota_used_ratio\{limit="requestsPerMinuteMax"\} /m);
    await allow({});
    expect((await espejo.request('GET', '/api/status')).status).toBe(200);
  });

  it('report stores, bytes and the counts of the day, also after a restart', async () => {
    const stores = await espejo.call('listVectorStores', { query: { source: 'primary', limit: 200 } });
    const files = await espejo.call('listFiles', { query: { limit: 200 } });
    const bytes = files.data.reduce((sum, file) => sum + (file.connectionId === null ? (file.bytes ?? 0) : 0), 0);
    const usage = await espejo.call('getUsage', {});
    const usedOf = ({ limits }: Usage, name: LimitUsage['name']) => limits.find((limit) => limit.name === name)?.used;
    expect(usedOf(usage, 'storesMax')).toBe(stores.total);
    // The open upload in parts counts with its announced size.
    expect([bytes, bytes + 10]).toContain(usedOf(usage, 'totalBytesMax'));
    const searches = usedOf(usage, 'searchesPerDayMax');
    expect(searches).toBeGreaterThanOrEqual(20);
    await espejo.stop();
    await using after = await startEspejo({ dataDir: espejo.dataDir, env: { ESPEJO_SYNC_ENABLED: 'false' } });
    expect((await after.call('getUsage', {})).limits).toEqual(usage.limits);
  });
});

describe('the default store', () => {
  it('is created once by a key that may write, and can be read by a key that may read', async () => {
    await using espejo = await startEspejo({ env: { ESPEJO_SYNC_ENABLED: 'false' } });
    const { key } = await espejo.call('createApiKey', { body: { name: 'Viewer', role: 'viewer' } });
    expect(await espejo.call('getDefaultStore', {})).toEqual({ storeId: null });
    expect((await espejo.request('POST', '/api/default-store', { key })).status).toBe(403);
    const ensure = () => espejo.call('ensureDefaultStore', {});
    const made = await Promise.all(Array.from({ length: 10 }, ensure));
    const ids = new Set(made.map((store) => store.id));
    expect(ids.size).toBe(1);
    const [first = ''] = ids;
    expect((await espejo.request('GET', '/api/default-store', { key })).json).toEqual({ storeId: first });
    const other = await espejo.call('createVectorStore', { body: { name: 'Other' } });
    await espejo.call('putDefaultStore', { body: { storeId: other.id } });
    const client = new OpenAI({ apiKey: API_KEY, baseURL: `${espejo.url}/v1`, maxRetries: 0 });
    await client.vectorStores.delete(other.id);
    expect(await espejo.call('getDefaultStore', {})).toEqual({ storeId: null });
    expect((await ensure()).id).not.toBe(other.id);
  });
});
