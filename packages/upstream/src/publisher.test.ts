import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOpenAiConnection } from './openai-upstream.ts';
import { UpstreamError } from './port.ts';
import { UpstreamRefused } from './publisher.ts';
import { type ScriptedServer, sendJson, startScriptedServer } from './testing/scripted-server.ts';

const AUTO = { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } };

describe('publishing to the sandbox', () => {
  let sandbox: RunningSandbox;
  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.close());
  const connect = () => createOpenAiConnection({ baseUrl: sandbox.url, apiKey: 'sk-1', backoffMs: 0 });

  async function upload(text: string, parts = 1): Promise<string> {
    const { publisher } = connect();
    const bytes = new TextEncoder().encode(text);
    const id = await publisher.createUpload({ filename: 'a.txt', mimeType: 'text/plain', sizeBytes: bytes.length });
    const size = Math.ceil(bytes.length / parts);
    const partIds: string[] = [];
    for (let at = 0; at < bytes.length; at += size)
      partIds.push(await publisher.addPart(id, bytes.slice(at, at + size)));
    return publisher.completeUpload(id, partIds);
  }

  it('uploads a file in parts, and attaches it to a store that it creates and edits', async () => {
    const { publisher, reader, searcher } = connect();
    const store = await publisher.createVectorStore({
      name: 'Guides',
      metadata: { made_by: 'test' },
      expires_after: { anchor: 'last_active_at', days: 1 },
    });
    expect(store).toMatchObject({ name: 'Guides', expiresAfter: { days: 1 } });
    const fileId = await upload('The quick brown fox jumps over the lazy dog.', 3);
    await publisher.attachFile(store.id, { fileId, attributes: { lang: 'en' }, chunkingStrategy: AUTO });
    // A repetition changes nothing.
    await publisher.attachFile(store.id, { fileId, attributes: { lang: 'en' }, chunkingStrategy: AUTO });
    expect(await reader.probeAttachment(store.id, fileId)).toBe('present');
    sandbox.clock.advance(60_000);
    expect((await searcher.readFileText(store.id, fileId)).join('')).toContain('quick brown fox');
    const edited = await publisher.updateVectorStore(store.id, { name: 'Guides 2', expires_after: null });
    expect(edited).toMatchObject({ id: store.id, name: 'Guides 2', expiresAfter: null });
  });

  it('reports that upstream rejects an invalid request', async () => {
    const { publisher } = connect();
    const wrong = publisher.createVectorStore({ expires_after: { anchor: 'last_active_at', days: 9_999 } });
    await expect(wrong).rejects.toBeInstanceOf(UpstreamRefused);
    const id = await publisher.createUpload({ filename: 'a.txt', mimeType: 'text/plain', sizeBytes: 9 });
    const part = await publisher.addPart(id, new TextEncoder().encode('short'));
    await expect(publisher.completeUpload(id, [part])).rejects.toBeInstanceOf(UpstreamRefused);
  });
});

describe('requests of the publisher', () => {
  let server: ScriptedServer;
  afterEach(() => server.close());

  it('create a store once when the response is lost, and wait after a 429', async () => {
    const answers = [429, 500];
    server = await startScriptedServer((_, response) =>
      sendJson(response, answers.shift() ?? 200, { error: { message: 'x' } }),
    );
    const { publisher } = createOpenAiConnection({ baseUrl: server.baseUrl, apiKey: 'sk-1', backoffMs: 0 });
    await expect(publisher.createVectorStore({ name: 'a' })).rejects.toBeInstanceOf(UpstreamError);
    expect(server.requests).toHaveLength(2);
    await expect(publisher.completeUpload('upload_1', ['part_1'])).rejects.toBeInstanceOf(UpstreamError);
    expect(server.requests).toHaveLength(3);
  });

  it('have the content type of what they send', async () => {
    server = await startScriptedServer((_, response) => sendJson(response, 200, { id: 'part_1', data: [] }));
    const { publisher, searcher } = createOpenAiConnection({ baseUrl: server.baseUrl, apiKey: 'sk-1' });
    await searcher.search('vs_1', { query: 'x' });
    await publisher.addPart('upload_1', new Uint8Array([1]));
    expect(server.requests.map(({ headers }) => headers['content-type']?.split(';')[0])).toEqual([
      'application/json',
      'multipart/form-data',
    ]);
  });
});
