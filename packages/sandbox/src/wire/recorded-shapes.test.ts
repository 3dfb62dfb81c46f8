import { describe, expect, it } from 'vitest';
import { createManualClock } from '../clock.ts';
import { createSandbox } from '../create-sandbox.ts';
import { createCaller } from '../testing/caller.ts';
import { RECORDED, shapeOf } from '../testing/recorded.ts';

const START_MS = 1_758_064_040_000;

function setUp() {
  const sandbox = createSandbox({ clock: createManualClock(START_MS) });
  const call = createCaller(sandbox);
  const makeFile = (content = '21 bytes of some text') => sandbox.state.createFile({ filename: 'a.txt', content }).id;
  return { sandbox, call, makeFile };
}

describe('the recorded shape of responses', () => {
  it('includes stores', async () => {
    const { sandbox, call, makeFile } = setUp();
    const created = await call('POST', '/vector_stores', {
      file_ids: [makeFile(), makeFile(), makeFile(), makeFile(), makeFile()],
      chunking_strategy: { type: 'auto' },
    });
    expect(shapeOf(created.json)).toEqual(shapeOf(RECORDED.createdStore));
    // Everything in a new store that does not depend on its id has the same value.
    expect({ ...created.json, id: '' }).toEqual({ ...RECORDED.createdStore, id: '' });

    const store = sandbox.state.createStore({ fileIds: [makeFile()], expiresAfterDays: 7 });
    const listed = (await call('GET', '/vector_stores?limit=1')).json.data[0];
    expect(listed.id).toBe(store.id);
    expect(shapeOf(listed)).toEqual(shapeOf(RECORDED.listedStore));
    expect(listed.expires_at).toBe(listed.last_active_at + 7 * 86_400);
    const { listedStore } = RECORDED;
    expect(listedStore.expires_at).toBe(listedStore.last_active_at + 7 * 86_400);

    const deleted = await call('DELETE', `/vector_stores/${store.id}`);
    expect(shapeOf(deleted.json)).toEqual(shapeOf(RECORDED.deletedStore));
    expect(deleted.json).toEqual({ ...RECORDED.deletedStore, id: store.id });
  });

  it('includes files in stores', async () => {
    const { sandbox, call, makeFile } = setUp();
    const store = sandbox.state.createStore();
    const fileId = makeFile();
    const attached = await call('POST', `/vector_stores/${store.id}/files`, { file_id: fileId });
    expect(shapeOf(attached.json)).toEqual(shapeOf(RECORDED.attachment));
    expect(attached.json.status).toBe('in_progress');
    const { data } = (await call('GET', `/vector_stores/${store.id}/files`)).json;
    expect(shapeOf(data)).toEqual(shapeOf([RECORDED.indexedAttachment]));
    expect(data[0]).toMatchObject({ usage_bytes: 1045, status: 'completed' });
    const detached = await call('DELETE', `/vector_stores/${store.id}/files/${fileId}`);
    expect(shapeOf(detached.json)).toEqual(shapeOf(RECORDED.detached));
  });

  it('includes batches', async () => {
    const { sandbox, call, makeFile } = setUp();
    const store = sandbox.state.createStore();
    const path = `/vector_stores/${store.id}/file_batches`;
    const ids = Array.from({ length: 10 }, () => makeFile());
    const batch = await call('POST', path, { file_ids: ids });
    expect(shapeOf(batch.json)).toEqual(shapeOf(RECORDED.batch));
    expect(batch.json).toMatchObject({ object: 'vector_store.file_batch', file_counts: RECORDED.batch.file_counts });
    const files = await call('GET', `${path}/${batch.json.id}/files?limit=1`);
    expect(shapeOf(files.json.data)).toEqual(shapeOf([RECORDED.indexedAttachment]));
  });

  it('includes files', async () => {
    const { sandbox, call, makeFile } = setUp();
    const fileId = makeFile();
    const file = (await call('GET', `/files/${fileId}`)).json;
    expect(shapeOf(file)).toEqual(shapeOf(RECORDED.file));
    expect((await call('GET', '/files')).json).toEqual({
      object: 'list',
      data: [file],
      first_id: fileId,
      last_id: fileId,
      has_more: false,
    });
    expect((await call('GET', '/files/fake_id')).json).toEqual(RECORDED.fileNotFound);
    expect((await call('DELETE', '/files/fake_id')).json).toEqual(RECORDED.fileNotFound);
    expect((await call('GET', '/files/fake_id/content')).json).toEqual(RECORDED.fileNotFound);
    const deleted = await call('DELETE', `/files/${fileId}`);
    expect(shapeOf(deleted.json)).toEqual(shapeOf(RECORDED.deletedFile));
    expect(sandbox.state.fileIds()).toEqual([]);
  });

  it('includes uploads', async () => {
    const { sandbox, call } = setUp();
    const upload = await call('POST', '/uploads', {
      filename: 'uploads_test_file.jsonl',
      purpose: 'fine-tune',
      bytes: 0,
      mime_type: 'text/jsonl',
    });
    expect(shapeOf(upload.json)).toEqual(shapeOf(RECORDED.upload));
    expect(upload.json.expires_at - upload.json.created_at).toBe(
      RECORDED.upload.expires_at - RECORDED.upload.created_at,
    );
    const completed = await call('POST', `/uploads/${upload.json.id}/complete`, { part_ids: [] });
    expect(shapeOf(completed.json)).toEqual(shapeOf(RECORDED.completedUpload));
    expect(sandbox.state.fileIds()).toEqual([completed.json.file.id]);
  });

  it('includes empty lists', async () => {
    const { sandbox, call } = setUp();
    const empty = { object: 'list', data: [], first_id: null, last_id: null, has_more: false };
    const store = sandbox.state.createStore();
    expect((await call('GET', `/vector_stores/${store.id}/files`)).json).toEqual(empty);
    expect((await call('GET', '/files')).json).toEqual(empty);
    sandbox.state.deleteStore(store.id);
    expect((await call('GET', '/vector_stores')).json).toEqual(empty);
  });
});

describe('ids of the sandbox', () => {
  it('contain the second of their creation', async () => {
    const { call } = setUp();
    const { id, created_at: createdAt } = (await call('POST', '/vector_stores', {})).json;
    expect(Number.parseInt(id.slice(3, 11), 16)).toBe(createdAt);
    expect(Number.parseInt(RECORDED.createdStore.id.slice(3, 11), 16) - RECORDED.createdStore.created_at).toBeLessThan(
      2,
    );
  });
});

describe('headers of the sandbox', () => {
  it('name the request, the organization and the project', async () => {
    const sandbox = createSandbox({ keys: { 'sk-a': 'proj_a', 'sk-b': 'proj_b' }, organization: 'org-acme' });
    const first = await createCaller(sandbox, 'sk-a')('GET', '/files');
    const second = await createCaller(sandbox, 'sk-b')('GET', '/files/x');
    expect(first.headers).toMatchObject({ 'openai-organization': 'org-acme', 'openai-project': 'proj_a' });
    expect(second.headers).toMatchObject({ 'openai-organization': 'org-acme', 'openai-project': 'proj_b' });
    expect(first.headers['x-request-id']).toMatch(/^req_[0-9a-f]{32}$/);
    expect(second.headers['x-request-id']).not.toBe(first.headers['x-request-id']);
  });
});
