import { describe, expect, it } from 'vitest';
import { createManualClock } from '../clock.ts';
import { createSandbox, type SandboxOptions } from '../create-sandbox.ts';
import { createCaller } from '../testing/caller.ts';

const DAY_MS = 86_400_000;
const START_MS = 1_760_000_000_000;

function setUp(options: SandboxOptions = {}) {
  const clock = createManualClock(START_MS);
  const sandbox = createSandbox({ clock, ...options });
  const { state } = sandbox;
  const file = state.createFile({ filename: 'a.txt', content: 'about cats' });
  const store = state.createStore({ fileIds: [file.id], expiresAfterDays: 3 });
  const call = createCaller(sandbox);
  const read = async () => (await call('GET', `/vector_stores/${store.id}`)).json;
  return { clock, state, call, read, file, storeId: store.id };
}

describe('the expiry of a sandbox store', () => {
  it('comes exactly days after its last use: the row stays, its files and bytes are removed', async () => {
    const { clock, call, read, file, storeId } = setUp();
    clock.advance(3 * DAY_MS - 1);
    expect(await read()).toMatchObject({ status: 'completed', file_counts: { total: 1 } });
    clock.advance(1);
    expect(await read()).toMatchObject({ status: 'expired', usage_bytes: 0, file_counts: { total: 0 } });
    expect((await call('GET', '/vector_stores')).json.data).toMatchObject([{ id: storeId, status: 'expired' }]);
    expect((await call('GET', `/vector_stores/${storeId}/files`)).json.data).toEqual([]);
    expect((await call('GET', `/files/${file.id}`)).status).toBe(200);
  });

  it('makes the store reject files and searches', async () => {
    const { clock, call, file, storeId } = setUp();
    clock.advance(3 * DAY_MS);
    for (const [path, body] of [
      ['search', { query: 'cats' }],
      ['files', { file_id: file.id }],
      ['file_batches', { file_ids: [file.id] }],
    ] as const) {
      const answer = await call('POST', `/vector_stores/${storeId}/${path}`, body);
      expect(answer.status).toBe(400);
      expect(answer.json.error.message).toBe(`Vector store '${storeId}' has expired.`);
    }
    expect((await call('DELETE', `/vector_stores/${storeId}`)).status).toBe(200);
  });

  it('moves when the store is searched', async () => {
    const { clock, call, read, storeId } = setUp();
    clock.advance(2 * DAY_MS);
    await call('POST', `/vector_stores/${storeId}/search`, { query: 'cats' });
    expect((await read()).expires_at).toBe((START_MS + 5 * DAY_MS) / 1000);
    clock.advance(3 * DAY_MS - 1);
    expect((await read()).status).toBe('completed');
    clock.advance(1);
    expect((await read()).status).toBe('expired');
  });

  it('does not move when the store is read or listed', async () => {
    const { clock, call, read } = setUp();
    clock.advance(2 * DAY_MS);
    const before = await read();
    await call('GET', '/vector_stores');
    expect((await read()).last_active_at).toBe(before.last_active_at);
  });

  it('follows a given policy, does not follow a removed one, and is final', async () => {
    const { clock, call, read, storeId } = setUp();
    const modify = (body: object) => call('POST', `/vector_stores/${storeId}`, body);
    await modify({ expires_after: null });
    clock.advance(100 * DAY_MS);
    expect(await read()).toMatchObject({ status: 'completed', expires_at: null });
    await modify({ name: 'kept' });
    expect((await read()).expires_after).toBeNull();
    await modify({ expires_after: { anchor: 'last_active_at', days: 100 } });
    expect((await read()).status).toBe('expired');
    await modify({ expires_after: null });
    expect((await read()).status).toBe('expired');
  });
});

describe('the expiry of a sandbox file', () => {
  it('removes it from lists and from stores', async () => {
    const { clock, state, call, storeId } = setUp();
    const file = state.createFile({ filename: 'b.txt', content: 'text', expiresAfterSeconds: 3600 });
    state.attach({ storeId, fileId: file.id });
    clock.advance(3_599_000);
    expect((await call('GET', `/files/${file.id}`)).json.expires_at).toBe(file.createdAt + 3600);
    expect((await call('GET', `/vector_stores/${storeId}/files`)).json.data).toHaveLength(2);
    clock.advance(1000);
    expect((await call('GET', `/files/${file.id}`)).status).toBe(404);
    expect((await call('GET', '/files')).json.data).toHaveLength(1);
    expect((await call('GET', `/vector_stores/${storeId}/files`)).json.data).toHaveLength(1);
  });

  it('leaves ghosts, if the sandbox is configured to', () => {
    const { clock, state, storeId } = setUp({ ghostMode: 'listed' });
    const file = state.createFile({ filename: 'b.txt', content: 'text', expiresAfterSeconds: 3600 });
    state.attach({ storeId, fileId: file.id });
    clock.advance(3_600_000);
    const { files, attachments } = state.snapshot();
    expect(files.map((row) => row.id)).not.toContain(file.id);
    expect(attachments.get(storeId)?.map((row) => row.id)).toContain(file.id);
  });

  it('comes after 30 days by default for the input of a batch', () => {
    const { clock, state } = setUp();
    state.createFile({ filename: 'b.jsonl', content: '{}', purpose: 'batch' });
    clock.advance(30 * DAY_MS - 1);
    expect(state.fileIds()).toHaveLength(2);
    clock.advance(1);
    expect(state.fileIds()).toHaveLength(1);
  });
});

describe('processing in the sandbox', () => {
  it('takes the configured time, and the store is in progress until then', async () => {
    const { clock, call, read, file, storeId } = setUp({ processingDelayMs: 2000 });
    expect(await read()).toMatchObject({ status: 'in_progress', usage_bytes: 0, file_counts: { in_progress: 1 } });
    expect((await call('GET', `/vector_stores/${storeId}/files/${file.id}`)).json.status).toBe('in_progress');
    clock.advance(1999);
    expect((await read()).status).toBe('in_progress');
    clock.advance(1);
    expect(await read()).toMatchObject({ status: 'completed', usage_bytes: 10 + 1024, file_counts: { completed: 1 } });
    // The end of processing is a use.
    expect((await read()).last_active_at).toBe(START_MS / 1000 + 2);
  });

  it('never ends for a stuck file, or one that is deleted meanwhile', async () => {
    const { clock, state, read, file, storeId } = setUp({ processingDelayMs: 2000, ghostMode: 'listed' });
    const stuck = state.createFile({ filename: 'b.txt', content: 'text' });
    state.attach({ storeId, fileId: stuck.id, isStuck: true });
    state.deleteFile(file.id);
    clock.advance(60_000);
    expect(await read()).toMatchObject({ status: 'in_progress', file_counts: { in_progress: 2, total: 2 } });
  });
});

describe('the clock of the sandbox', () => {
  it('does not go back', () => {
    expect(() => createManualClock(0).advance(-1)).toThrow(RangeError);
    expect(() => createManualClock(0).advance(Number.NaN)).toThrow(RangeError);
  });
});
