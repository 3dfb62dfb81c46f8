import { describe, expect, it } from 'vitest';
import { AnswerLost, createHttpClient, type HttpOptions } from './http.ts';
import { sendByFetch } from './send.ts';

const KEY = 'sk-secret-key-1';

function setUp(
  answer: (call: number, request: Request) => Response | Promise<Response>,
  options: Partial<HttpOptions> = {},
) {
  const sleeps: { readonly ms: number; readonly end: () => void }[] = [];
  const requests: Request[] = [];
  const http = createHttpClient({
    baseUrl: 'https://api.example.com/v1',
    apiKey: KEY,
    organization: null,
    project: 'proj_1',
    userAgent: 'test',
    concurrencyMax: 10,
    requestTimeoutMs: 60_000,
    signal: new AbortController().signal,
    send: sendByFetch(async (input, init) => {
      const request = new Request(input, init);
      requests.push(request);
      return answer(requests.length, request);
    }),
    sleep: (ms) => new Promise((resolve) => sleeps.push({ ms, end: resolve })),
    random: () => 0.5,
    nowMs: () => 1_000_000,
    log: () => undefined,
    ...options,
  });
  return { http, sleeps, requests };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));
const ok = () => Response.json({ id: 'x' });
const get = { method: 'GET', path: '/files', subject: 'files' } as const;
const post = { method: 'POST', path: '/files', subject: 'a file', json: {}, isRepeatable: false } as const;

describe('requests of the provider', () => {
  it('carry the key and the project', async () => {
    const { http, requests } = setUp(ok);
    await http.request(get);
    expect(requests[0]?.headers.get('authorization')).toBe(`Bearer ${KEY}`);
    expect(requests[0]?.headers.get('openai-project')).toBe('proj_1');
  });
  it('all wait as long as the server says after one 429, and then continue', async () => {
    const limited = () => new Response('{}', { status: 429, headers: { 'retry-after': '7' } });
    const { http, sleeps, requests } = setUp((call) => (call === 1 ? limited() : ok()), { concurrencyMax: 2 });
    const all = Promise.all(Array.from({ length: 10 }, () => http.request(get)));
    for (let n = 0; n < 20; n += 1) await settled();
    // Two were sent at once; after the 429 no other request is sent.
    expect(requests).toHaveLength(2);
    expect(sleeps.map(({ ms }) => ms)).toEqual([7_000]);
    sleeps[0]?.end();
    expect(await all).toHaveLength(10);
    expect(requests).toHaveLength(11);
  });
  it('never exceed the allowed concurrency', async () => {
    let [now, most] = [0, 0];
    const { http } = setUp(async () => {
      now += 1;
      most = Math.max(most, now);
      await settled();
      now -= 1;
      return ok();
    });
    await Promise.all(Array.from({ length: 50 }, () => http.request(get)));
    expect(most).toBe(10);
  });
  it('are retried after a failure when they are safe to repeat; others report a lost answer', async () => {
    const { http, sleeps } = setUp((call) => (call === 1 ? new Response('', { status: 502 }) : ok()));
    const repeated = http.request(get);
    await settled();
    await settled();
    sleeps[0]?.end();
    expect(await repeated).toEqual({ id: 'x' });
    for (const answer of [
      () => new Response('', { status: 500 }),
      () => new Response('<html>'),
      () =>
        Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) })),
    ]) {
      await expect(setUp(answer).http.request(post)).rejects.toBeInstanceOf(AnswerLost);
    }
  });
  it('are retried when they were never sent', async () => {
    const refused = Object.assign(new Error(), { code: 'ECONNREFUSED' });
    const { http, sleeps } = setUp((call) =>
      call === 1 ? Promise.reject(new TypeError('fetch failed', { cause: refused })) : ok(),
    );
    const sent = http.request(post);
    await settled();
    await settled();
    sleeps[0]?.end();
    expect(await sent).toEqual({ id: 'x' });
  });
});

describe('an error response', () => {
  it.each([
    [302, 'The server is at another address'],
    [401, 'The server rejects the API key'],
    [403, 'The API key lacks a permission'],
    [404, 'Not found'],
    [400, 'The server rejects the request'],
  ])('of %i is reported as: %s', async (status, summary) => {
    const body = { error: { message: 'The server’s own words.', code: 'a_code' } };
    const { http } = setUp(() => Response.json(body, { status }));
    await expect(http.request(get)).rejects.toMatchObject({
      status,
      code: 'a_code',
      summary,
      detail: expect.stringMatching(/^The server’s own words\.[\s\S]*GET \/files \(files\) answered \d+ a_code\.$/),
    });
  });
  it('for missing credit is reported at once, although it is a 429', async () => {
    const { http, requests } = setUp(() => Response.json({ error: { code: 'insufficient_quota' } }, { status: 429 }));
    await expect(http.request(get)).rejects.toMatchObject({
      summary: 'The account is out of credit or over its limit',
    });
    expect(requests).toHaveLength(1);
  });
});
