import { describe, expect, it } from 'vitest';
import { createSandbox } from '../create-sandbox.ts';
import { createCaller } from '../testing/caller.ts';

const sandbox = createSandbox();
const call = createCaller(sandbox);
const fileId = sandbox.state.createFile({ filename: 'a.txt', content: 'text' }).id;
const storeId = sandbox.state.createStore({ fileIds: [fileId] }).id;
const store = `/vector_stores/${storeId}`;

describe('a missing object is answered with 404', () => {
  const noStore = "No vector store found with id 'vs_0'.";
  it.each([
    ['GET', '/vector_stores/vs_0', noStore],
    ['POST', '/vector_stores/vs_0', noStore],
    ['DELETE', '/vector_stores/vs_0', noStore],
    ['GET', '/vector_stores/vs_0/files', noStore],
    ['GET', `${store}/files/file-0`, `No file found with id 'file-0' in vector store '${storeId}'.`],
    ['DELETE', `${store}/files/file-0`, `No file found with id 'file-0' in vector store '${storeId}'.`],
    ['GET', `${store}/file_batches/vsfb_0`, "No file batch found with id 'vsfb_0'."],
    ['POST', '/uploads/upload_0/cancel', 'No such Upload object: upload_0'],
    ['GET', '/nonsense', 'Invalid URL (GET /v1/nonsense)'],
    ['GET', '/vector_stores/', 'Invalid URL (GET /v1/vector_stores/)'],
  ])('answers %s %s', async (method, path, message) => {
    const answer = await call(method, path);
    expect(answer.status).toBe(404);
    expect(answer.json.error).toMatchObject({ message, type: 'invalid_request_error', code: null });
  });
  it('rejects an attachment of a missing file, and attaches nothing', async () => {
    const before = sandbox.state.snapshot();
    const message = 'Files [file-0] were not found';
    const bodies = { files: { file_id: 'file-0' }, file_batches: { file_ids: [fileId, 'file-0'] } };
    for (const [path, body] of Object.entries(bodies)) {
      expect(await call('POST', `${store}/${path}`, body)).toMatchObject({ status: 404, json: { error: { message } } });
    }
    expect((await call('POST', '/vector_stores', { file_ids: ['file-0'] })).status).toBe(404);
    expect(sandbox.state.snapshot()).toEqual(before);
  });
});

describe('a known path with another method is answered with 405', () => {
  it.each([
    ['PUT', '/vector_stores'],
    ['PATCH', store],
    ['GET', '/embeddings'],
  ])('answers %s %s', async (method, path) => {
    const answer = await call(method, path);
    expect(answer).toMatchObject({ status: 405, json: { error: { code: 'method_not_supported' } } });
  });
});

describe('the models of the sandbox', () => {
  it('are only the embedding models, with the fields of the real API', async () => {
    const { status, json } = await call('GET', '/models');
    expect(status).toBe(200);
    expect(json.object).toBe('list');
    expect(json.data.map((model: { id: string }) => model.id)).toEqual([
      'text-embedding-3-small',
      'text-embedding-3-large',
      'text-embedding-ada-002',
    ]);
    for (const model of json.data) {
      expect(model).toEqual({ id: model.id, object: 'model', created: expect.any(Number), owned_by: 'system' });
      expect((await call('GET', `/models/${model.id}`)).json).toEqual(model);
      const embedded = await call('POST', '/embeddings', { model: model.id, input: 'text' });
      expect(embedded.status).toBe(200);
    }
  });
  it('are answered with 404 and the recorded message when unknown', async () => {
    expect(await call('GET', '/models/fake_id')).toMatchObject({
      status: 404,
      json: { error: { message: "The model 'fake_id' does not exist", param: 'model', code: 'model_not_found' } },
    });
  });
});
