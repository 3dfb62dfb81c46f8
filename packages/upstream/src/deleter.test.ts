import { type FaultInput, type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOpenAiConnection } from './openai-upstream.ts';
import type { UpstreamOptions } from './port.ts';
import { type ScriptedServer, sendJson, startScriptedServer } from './testing/scripted-server.ts';
import type { UpstreamConnection } from './upstream-connection.ts';

let sandbox: RunningSandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(async () => {
  await sandbox.close();
});

function connect(options: Partial<UpstreamOptions> = {}): UpstreamConnection {
  return createOpenAiConnection({
    baseUrl: sandbox.url,
    apiKey: 'sk-1',
    sleep: async () => {},
    retryMax: 2,
    ...options,
  });
}

function storeWithFile() {
  const file = sandbox.state.createFile({ filename: 'a.txt', content: 'a' }).id;
  const store = sandbox.state.createStore({ fileIds: [file] }).id;
  return { file, store };
}

const sent = () => sandbox.requests.entries.map(({ method, path }) => `${method} ${path}`);

describe('the upstream deleter', () => {
  it('sends one request to detach a file, to delete a file, and to delete a store', async () => {
    const { file, store } = storeWithFile();
    const { deleter } = connect();
    expect(await deleter.detachFile(store, file)).toBe('deleted');
    expect(sandbox.state.fileIds(), 'the file stays').toEqual([file]);
    expect(await deleter.deleteFile(file)).toBe('deleted');
    expect(await deleter.deleteVectorStore(store)).toBe('deleted');
    expect(sent()).toEqual([
      `DELETE /vector_stores/${store}/files/${file}`,
      `DELETE /files/${file}`,
      `DELETE /vector_stores/${store}`,
    ]);
    expect(sandbox.state.storeIds()).toEqual([]);
  });

  it('reports a repeated deletion as absent, not as a failure', async () => {
    const { file, store } = storeWithFile();
    const { deleter } = connect();
    await deleter.detachFile(store, file);
    expect(await deleter.detachFile(store, file)).toBe('absent');
    await deleter.deleteVectorStore(store);
    expect(await deleter.deleteVectorStore(store)).toBe('absent');
    expect(await deleter.detachFile(store, file), 'of a store that is gone').toBe('absent');
    await deleter.deleteFile(file);
    expect(await deleter.deleteFile(file)).toBe('absent');
  });

  it('reports a response with deleted: false as refused', async () => {
    const { file, store } = storeWithFile();
    sandbox.faults.add({ kind: 'not_deleted' });
    const { deleter } = connect();
    expect([
      await deleter.detachFile(store, file),
      await deleter.deleteFile(file),
      await deleter.deleteVectorStore(store),
    ]).toEqual(['refused', 'refused', 'refused']);
    expect(sandbox.requests.total, 'and not tried again').toBe(3);
  });

  it.each<[string, FaultInput, string]>([
    ['401', { kind: 'status', status: 401 }, 'unauthorized'],
    ['403', { kind: 'status', status: 403 }, 'forbidden'],
    ['429', { kind: 'status', status: 429 }, 'rate_limited'],
    ['500', { kind: 'status', status: 500 }, 'unavailable'],
    ['a dropped connection', { kind: 'drop' }, 'unavailable'],
    ['HTML with 200', { kind: 'html' }, 'malformed'],
    ['a truncated body', { kind: 'truncated_body' }, 'malformed'],
    ['400', { kind: 'status', status: 400 }, 'malformed'],
    ['an unspecific 404', { kind: 'status', status: 404 }, 'malformed'],
    ['a 404 of the route', { kind: 'status', status: 404, message: 'Invalid URL (DELETE /v1/files/x)' }, 'malformed'],
    [
      'a 404 that leaves doubt',
      { kind: 'status', status: 404, message: 'File not found, or you do not have access.' },
      'malformed',
    ],
    ['a response about another object', { kind: 'set_field', field: 'id', value: 'file-other' }, 'malformed'],
    ['a response about no object', { kind: 'missing_field', field: 'id' }, 'malformed'],
  ])('never reports success for %s', async (_, fault, kind) => {
    const { file, store } = storeWithFile();
    sandbox.faults.add(fault);
    const { deleter } = connect();
    for (const call of [
      () => deleter.detachFile(store, file),
      () => deleter.deleteFile(file),
      () => deleter.deleteVectorStore(store),
    ]) {
      await expect(call()).rejects.toMatchObject({ name: 'UpstreamError', kind });
    }
  });

  it('says what a key lacks: permission to write', async () => {
    sandbox.faults.add({ kind: 'status', status: 403 });
    const { deleter, reader } = connect();
    await expect(deleter.deleteFile('file-1')).rejects.toThrow(/may not delete files .* permission to delete files/);
    await expect(reader.probeFile('file-1')).rejects.toThrow(/may not read files .* permission to read files/);
  });

  it('retries a deletion whose response was lost, and finds it done', async () => {
    const { file } = storeWithFile();
    sandbox.faults.add({ kind: 'drop', effect: 'after', count: 1 });
    expect(await connect().deleter.deleteFile(file)).toBe('absent');
    expect(sandbox.requests.total).toBe(2);
  });

  it('ends with the reason of its signal', async () => {
    sandbox.faults.add({ kind: 'hang' });
    const controller = new AbortController();
    const call = connect().deleter.deleteFile('file-1', { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 5);
    await expect(call).rejects.toThrow('enough');
  });

  it('puts ids into the path as they are, whatever is in them', async () => {
    let server: ScriptedServer | undefined;
    try {
      server = await startScriptedServer((_, response) => sendJson(response, 200, { id: 'a/../b?c', deleted: true }));
      const { deleter } = connect({ baseUrl: server.baseUrl });
      expect(await deleter.deleteFile('a/../b?c')).toBe('deleted');
      expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['DELETE /files/a%2F..%2Fb%3Fc']);
    } finally {
      await server?.close();
    }
  });
});

describe('the two ports of one project', () => {
  it('share their pauses: a listing also waits after a 429 to a deletion', async () => {
    const { file } = storeWithFile();
    const paused = Promise.withResolvers<void>();
    const sleeping: number[] = [];
    const { deleter, reader } = connect({
      retryMax: 0,
      sleep: (ms) => {
        sleeping.push(ms);
        return paused.promise;
      },
    });
    sandbox.faults.add({ kind: 'status', status: 429, headers: { 'retry-after-ms': '700' }, method: 'DELETE' });
    await expect(deleter.deleteFile(file)).rejects.toMatchObject({ kind: 'rate_limited' });
    expect(sleeping).toEqual([700]);
    const before = sandbox.requests.total;
    let hasListed = false;
    const listing = (async () => {
      for await (const _page of reader.listFiles()) hasListed = true;
    })();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([hasListed, sandbox.requests.total]).toEqual([false, before]);
    paused.resolve();
    await listing;
    expect(hasListed).toBe(true);
  });

  it('share their slots', async () => {
    for (let i = 0; i < 12; i += 1) sandbox.state.createFile({ filename: `${i}.txt`, content: 'x' });
    const { deleter, reader } = connect({ concurrency: 3 });
    const release = Promise.withResolvers<void>();
    sandbox.onRequest(() => release.promise);
    const calls = [
      ...sandbox.state.fileIds().map((id) => deleter.deleteFile(id)),
      ...sandbox.state.fileIds().map((id) => reader.probeFile(id)),
    ];
    await vi.waitFor(() => expect(sandbox.requests.total).toBe(3), { timeout: 300_000 });
    release.resolve();
    await Promise.all(calls);
    expect(sandbox.requests.peakInFlight).toBe(3);
  });

  it('count their requests together', async () => {
    const { file } = storeWithFile();
    const { deleter, reader } = connect();
    await deleter.deleteFile(file);
    await reader.probeFile(file);
    expect(reader.requestCount).toBe(2);
  });
});
