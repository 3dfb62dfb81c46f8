import { afterEach, describe, expect, it, vi } from 'vitest';
import { createOpenAiConnection, createOpenAiUpstream } from '../openai-upstream.ts';
import { type ScriptedServer, sendJson, startScriptedServer } from '../testing/scripted-server.ts';
import { createSdkClient } from './sdk-client.ts';

const EMPTY_LIST = { object: 'list', data: [], first_id: null, last_id: null, has_more: false };

let server: ScriptedServer | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
});

async function start(): Promise<ScriptedServer> {
  server = await startScriptedServer((_, response) => sendJson(response, 200, EMPTY_LIST));
  return server;
}

describe('a request of the SDK client', () => {
  it('lists with the largest pages, oldest first', async () => {
    const { baseUrl, requests } = await start();
    const upstream = createOpenAiUpstream({ baseUrl, apiKey: 'sk-1' });
    for await (const _ of upstream.listVectorStores());
    for await (const _ of upstream.listAttachments('vs_1'));
    for await (const _ of upstream.listFiles());
    await upstream.check();
    expect(requests.map((request) => `${request.method} ${request.url}`)).toEqual([
      'GET /vector_stores?limit=100&order=asc',
      'GET /vector_stores/vs_1/files?limit=100&order=asc',
      'GET /files?limit=10000&order=asc',
      'GET /vector_stores?limit=1',
    ]);
  });

  it('has the key, and organization and project only when they are set', async () => {
    const { baseUrl, requests } = await start();
    await createOpenAiUpstream({ baseUrl, apiKey: 'sk-1', organization: 'org-1', project: 'proj_1' }).check();
    await createOpenAiUpstream({ baseUrl, apiKey: 'sk-2', organization: null, project: '' }).check();
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'Bearer sk-1',
      'openai-organization': 'org-1',
      'openai-project': 'proj_1',
      'openai-beta': 'assistants=v2',
    });
    expect(requests[1]?.headers.authorization).toBe('Bearer sk-2');
    expect(requests[1]?.headers).not.toHaveProperty('openai-organization');
    expect(requests[1]?.headers).not.toHaveProperty('openai-project');
  });

  it.each([301, 302, 303, 307, 308])(
    'does not follow a redirect with %i: neither key nor body go elsewhere',
    async (status) => {
      const target = await startScriptedServer((_, response) => sendJson(response, 200, EMPTY_LIST));
      server = await startScriptedServer((_, response) => {
        response.writeHead(status, { location: `${target.baseUrl}/internal/admin?cmd=run` }).end();
      });
      const { reader, searcher, deleter } = createOpenAiConnection({ baseUrl: server.baseUrl, apiKey: 'sk-1' });
      const told = { kind: 'malformed', httpStatus: status, message: expect.stringContaining('a redirect') };
      await expect(reader.check()).rejects.toMatchObject(told);
      await expect(searcher.search('vs_1', { query: 'words' })).rejects.toMatchObject(told);
      await expect(deleter.deleteVectorStore('vs_1')).rejects.toMatchObject(told);
      expect(server.requests.map(({ method }) => method)).toEqual(['GET', 'POST', 'DELETE']);
      expect(target.requests).toEqual([]);
      await target.close();
    },
  );

  it('has nothing of the connection in the environment', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-leak');
    vi.stubEnv('OPENAI_ADMIN_KEY', 'sk-leak');
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:1/leak');
    vi.stubEnv('OPENAI_ORG_ID', 'leak');
    vi.stubEnv('OPENAI_PROJECT_ID', 'leak');
    vi.stubEnv('OPENAI_WEBHOOK_SECRET', 'leak');
    vi.stubEnv('OPENAI_LOG', 'debug');
    vi.stubEnv(
      'OPENAI_CUSTOM_HEADERS',
      'Authorization: Bearer sk-leak\nOpenAI-Project: leak\nX-Leak: leak\nUser-Agent: leak',
    );
    const log = vi.spyOn(console, 'debug');
    const { baseUrl, requests } = await start();
    await createOpenAiUpstream({ baseUrl, apiKey: 'sk-1' }).check();
    expect(requests).toHaveLength(1);
    expect(JSON.stringify(requests[0]?.headers)).not.toContain('leak');
    expect(requests[0]?.headers.authorization).toBe('Bearer sk-1');
    expect(log).not.toHaveBeenCalled();
  });

  it.each(['', '/'])('accepts a base URL that ends in "%s"', async (end) => {
    const { baseUrl, requests } = await start();
    await createOpenAiUpstream({ baseUrl: baseUrl + end, apiKey: 'sk-1' }).check();
    expect(requests[0]?.path).toBe('/vector_stores');
  });

  it('keeps an id inside its own path segment', async () => {
    const { baseUrl, requests } = await start();
    const upstream = createOpenAiUpstream({ baseUrl, apiKey: 'sk-1' });
    for await (const _ of upstream.listAttachments('vs/../a?b#c ü'));
    expect(requests[0]?.path).toBe('/vector_stores/vs%2F..%2Fa%3Fb%23c%20%C3%BC/files');
  });

  it.each(['..', '.', '', '\ud800'])('is not sent for the id %j, which no path can hold', async (id) => {
    const { baseUrl, requests } = await start();
    const upstream = createOpenAiUpstream({ baseUrl, apiKey: 'sk-1' });
    await expect(upstream.probeVectorStore(id)).rejects.toMatchObject({ kind: 'malformed' });
    await expect(upstream.probeAttachment('vs_1', id)).rejects.toMatchObject({ kind: 'malformed' });
    await expect(upstream.listAttachments(id)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      kind: 'malformed',
    });
    expect(requests).toHaveLength(0);
  });
});

describe('the SDK client', () => {
  it('sends nothing but GET', async () => {
    const { baseUrl, requests } = await start();
    const client = createSdkClient({
      method: 'GET',
      baseUrl,
      apiKey: 'sk-1',
      organization: null,
      project: null,
      timeoutMs: 1000,
      fetch,
      onRequest: () => {},
    });
    await expect(client.vectorStores.create({ name: 'x' })).rejects.toThrow();
    await expect(client.vectorStores.delete('vs_1')).rejects.toThrow();
    await expect(client.files.delete('file-1')).rejects.toThrow();
    expect(requests).toHaveLength(0);
    await client.get('/files');
    expect(requests).toHaveLength(1);
  });
});

describe('invalid options', () => {
  it.each([
    ['an invalid base URL', { baseUrl: 'not a url' }, 'unavailable'],
    ['another protocol', { baseUrl: 'ftp://example.com' }, 'unavailable'],
    ['a password in the URL', { baseUrl: 'http://user:pass-1234@localhost/v1' }, 'unavailable'],
    ['an empty key', { apiKey: '' }, 'unauthorized'],
    ['a key with a line break', { apiKey: 'sk-1\nX-Evil: 1' }, 'unauthorized'],
    ['a key of other letters', { apiKey: 'sk-ключ' }, 'unauthorized'],
    ['an organization that is not an id', { organization: 'my org' }, 'unauthorized'],
    ['a project that is not an id', { project: 'прое́кт' }, 'unauthorized'],
  ])('are reported by the first call: %s', async (_, fault, kind) => {
    const { baseUrl, requests } = await start();
    const upstream = createOpenAiUpstream({ baseUrl, apiKey: 'sk-1', ...fault });
    await expect(upstream.check()).rejects.toMatchObject({ name: 'UpstreamError', kind });
    await expect(upstream.listFiles()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ kind });
    await expect(upstream.check()).rejects.not.toThrow(/1234|Evil|ключ/);
    expect(requests).toHaveLength(0);
    expect(upstream.requestCount).toBe(0);
  });
});
