import { describe, expect, it } from 'vitest';
import { createSandbox } from '../create-sandbox.ts';
import { createCaller } from '../testing/caller.ts';

const sandbox = createSandbox();
const call = createCaller(sandbox);
const fileId = sandbox.state.createFile({ filename: 'a.txt', content: 'text' }).id;
const storeId = sandbox.state.createStore({ fileIds: [fileId] }).id;
const store = `/vector_stores/${storeId}`;
const many = (count: number) => Array.from({ length: count }, (_, index) => `file-${index}`);
const pairs = (count: number) => Object.fromEntries(many(count).map((key) => [key, 'v']));

/** A request, then its error: message, param, code. */
const REFUSALS: readonly (readonly [string, string, unknown, string, string | null, string | null])[] = [
  ['POST', '/vector_stores', { colour: 1 }, "Unknown parameter: 'colour'.", 'colour', 'unknown_parameter'],
  [
    'POST',
    '/vector_stores',
    { expires_after: { anchor: 'last_active_at', days: 1, x: 1 } },
    "Unknown parameter: 'expires_after.x'.",
    'expires_after.x',
    'unknown_parameter',
  ],
  [
    'POST',
    '/vector_stores',
    { name: 5 },
    "Invalid type for 'name': expected a string, but got an integer instead.",
    'name',
    'invalid_type',
  ],
  [
    'POST',
    '/vector_stores',
    { name: 'x'.repeat(257) },
    "Invalid 'name': string too long. Expected a string with maximum length 256, but got a string with length 257 instead.",
    'name',
    'string_above_max_length',
  ],
  [
    'POST',
    '/vector_stores',
    { file_ids: many(501) },
    "Invalid 'file_ids': array too long. Expected an array with maximum length 500, but got an array with length 501 instead.",
    'file_ids',
    'array_above_max_length',
  ],
  [
    'POST',
    '/vector_stores',
    { expires_after: { anchor: 'created_at', days: 1 } },
    "Invalid value: 'created_at'. Value must be 'last_active_at'.",
    'expires_after.anchor',
    'invalid_value',
  ],
  [
    'POST',
    '/vector_stores',
    { expires_after: { anchor: 'last_active_at', days: 366 } },
    "Invalid 'expires_after.days': integer above maximum value. Expected a value <= 365, but got 366 instead.",
    'expires_after.days',
    'integer_above_max_value',
  ],
  [
    'POST',
    '/vector_stores',
    { expires_after: { anchor: 'last_active_at', days: 0 } },
    "Invalid 'expires_after.days': integer below minimum value. Expected a value >= 1, but got 0 instead.",
    'expires_after.days',
    'integer_below_min_value',
  ],
  [
    'POST',
    '/vector_stores',
    { expires_after: { anchor: 'last_active_at', days: 1.5 } },
    "Invalid type for 'expires_after.days': expected an integer, but got a decimal instead.",
    'expires_after.days',
    'invalid_type',
  ],
  [
    'POST',
    '/vector_stores',
    { metadata: pairs(17) },
    "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with 17 properties instead.",
    'metadata',
    'object_above_max_properties',
  ],
  [
    'POST',
    '/vector_stores',
    { metadata: { k: 1 } },
    "Invalid type for 'metadata.k': expected a string, but got an integer instead.",
    'metadata.k',
    'invalid_type',
  ],
  [
    'POST',
    '/vector_stores',
    { metadata: { k: 'v'.repeat(513) } },
    "Invalid 'metadata.k': string too long. Expected a string with maximum length 512, but got a string with length 513 instead.",
    'metadata.k',
    'string_above_max_length',
  ],
  [
    'POST',
    `${store}/files`,
    { file_id: fileId, attributes: { n: 2 ** 53 } },
    "Invalid 'attributes.n': integer above maximum value. Expected a value <= 9007199254740991, but got 9007199254740992 instead.",
    'attributes.n',
    'integer_above_max_value',
  ],
  [
    'GET',
    '/vector_stores?limit=abc',
    undefined,
    "Invalid type for 'limit': expected an integer, but got a string instead.",
    'limit',
    'invalid_type',
  ],
  ['POST', '/vector_stores', [], 'Invalid body: expected an object, but got an array instead.', null, 'invalid_type'],
  ['POST', store, { description: 'x' }, "Unknown parameter: 'description'.", 'description', 'unknown_parameter'],
  ['POST', `${store}/files`, {}, "Missing required parameter: 'file_id'.", 'file_id', 'missing_required_parameter'],
  [
    'POST',
    `${store}/files`,
    { file_id: fileId, attributes: { a: null } },
    "Invalid type for 'attributes.a': got null.",
    'attributes.a',
    'invalid_type',
  ],
  [
    'POST',
    `${store}/files`,
    { file_id: fileId, chunking_strategy: { type: 'none' } },
    "Invalid value: 'none'. Supported values are: 'auto' and 'static'.",
    'chunking_strategy.type',
    'invalid_value',
  ],
  [
    'POST',
    `${store}/files`,
    {
      file_id: fileId,
      chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 99, chunk_overlap_tokens: 0 } },
    },
    "Invalid 'chunking_strategy.static.max_chunk_size_tokens': integer below minimum value. Expected a value >= 100, but got 99 instead.",
    'chunking_strategy.static.max_chunk_size_tokens',
    'integer_below_min_value',
  ],
  [
    'POST',
    `${store}/files`,
    {
      file_id: fileId,
      chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 51 } },
    },
    "Invalid 'chunking_strategy.static.chunk_overlap_tokens': must not exceed half of 'max_chunk_size_tokens'.",
    'chunking_strategy.static',
    'invalid_value',
  ],
  [
    'POST',
    `${store}/files/${fileId}`,
    {},
    "Missing required parameter: 'attributes'.",
    'attributes',
    'missing_required_parameter',
  ],
  ['POST', `${store}/file_batches`, {}, "Exactly one of 'file_ids' and 'files' must be given.", null, 'invalid_value'],
  [
    'POST',
    `${store}/file_batches`,
    { file_ids: [fileId], files: [{ file_id: fileId }] },
    "Exactly one of 'file_ids' and 'files' must be given.",
    null,
    'invalid_value',
  ],
  [
    'POST',
    `${store}/file_batches`,
    { file_ids: many(2001) },
    "Invalid 'file_ids': array too long. Expected an array with maximum length 2000, but got an array with length 2001 instead.",
    'file_ids',
    'array_above_max_length',
  ],
  [
    'POST',
    `${store}/file_batches`,
    { files: [{ file_id: fileId }, { id: 1 }] },
    "Missing required parameter: 'files[1].file_id'.",
    'files[1].file_id',
    'missing_required_parameter',
  ],
  ['POST', `${store}/search`, {}, "Missing required parameter: 'query'.", 'query', 'missing_required_parameter'],
  [
    'POST',
    `${store}/search`,
    { query: 'x', max_num_results: 51 },
    "Invalid 'max_num_results': integer above maximum value. Expected a value <= 50, but got 51 instead.",
    'max_num_results',
    'integer_above_max_value',
  ],
  [
    'POST',
    `${store}/search`,
    { query: 'x', ranking_options: { score_threshold: 1.5 } },
    "Invalid 'ranking_options.score_threshold': decimal above maximum value. Expected a value <= 1, but got 1.5 instead.",
    'ranking_options.score_threshold',
    'decimal_above_max_value',
  ],
  [
    'POST',
    `${store}/search`,
    { query: 'x', filters: { type: 'and', filters: [{ type: 'eq', key: 'a' }] } },
    "Missing required parameter: 'filters.filters[0].value'.",
    'filters.filters[0].value',
    'missing_required_parameter',
  ],
  [
    'POST',
    `${store}/search`,
    { query: 'x', filters: { type: 'eq', key: 'a', value: 1, property: 'b' } },
    "Unknown parameter: 'filters.property'.",
    'filters.property',
    'unknown_parameter',
  ],
  [
    'POST',
    `${store}/search`,
    { query: 'x', ranking_options: { hybrid_search: { embedding_weight: 0, text_weight: 0 } } },
    "At least one of 'embedding_weight' and 'text_weight' must be greater than 0.",
    'ranking_options.hybrid_search',
    null,
  ],
  [
    'GET',
    '/vector_stores?limit=0',
    undefined,
    "Invalid 'limit': integer below minimum value. Expected a value >= 1, but got 0 instead.",
    'limit',
    'integer_below_min_value',
  ],
  [
    'GET',
    '/vector_stores?limit=101',
    undefined,
    "Invalid 'limit': integer above maximum value. Expected a value <= 100, but got 101 instead.",
    'limit',
    'integer_above_max_value',
  ],
  [
    'GET',
    '/vector_stores?order=up',
    undefined,
    "Invalid value: 'up'. Supported values are: 'asc' and 'desc'.",
    'order',
    'invalid_value',
  ],
  [
    'GET',
    `${store}/files?filter=done`,
    undefined,
    "Invalid value: 'done'. Supported values are: 'in_progress', 'completed', 'failed' and 'cancelled'.",
    'filter',
    'invalid_value',
  ],
  [
    'GET',
    '/vector_stores/store-1',
    undefined,
    "Invalid 'vector_store_id': 'store-1'. Expected an ID that begins with 'vs_'.",
    'vector_store_id',
    'invalid_value',
  ],
  [
    'GET',
    `${store}/files/vs_1`,
    undefined,
    "Invalid 'file_id': 'vs_1'. Expected an ID that begins with 'file-'.",
    'file_id',
    'invalid_value',
  ],
  [
    'GET',
    `${store}/file_batches/${storeId}`,
    undefined,
    `Invalid 'batch_id': '${storeId}'. Expected an ID that begins with 'vsfb_'.`,
    'batch_id',
    'invalid_value',
  ],
  [
    'POST',
    '/embeddings',
    { model: 'text-embedding-3-small', input: 'x', dimensions: -42 },
    "-42 is less than the minimum of 1 - 'dimensions'",
    null,
    null,
  ],
  [
    'POST',
    '/embeddings',
    { model: 'text-embedding-ada-002', input: 'x', dimensions: 8 },
    'This model does not support specifying dimensions.',
    null,
    null,
  ],
  [
    'POST',
    '/embeddings',
    { model: 'text-embedding-3-small', input: [] },
    "Invalid 'input': array too short. Expected an array with minimum length 1, but got an array with length 0 instead.",
    'input',
    'array_below_min_length',
  ],
];

describe('an invalid request is rejected with 400', () => {
  it.each(REFUSALS.map((row) => [row[3], row] as const))(
    'returns the error: %s',
    async (_, [method, path, body, message, param, code]) => {
      const answer = await call(method, path, body);
      expect(answer.json).toEqual({ error: { message, type: 'invalid_request_error', param, code } });
      expect(answer.status).toBe(400);
    },
  );

  it('rejects invalid JSON', async () => {
    const delivery = await sandbox.handle({
      method: 'POST',
      path: '/v1/vector_stores',
      query: '',
      headers: { authorization: 'Bearer x' },
      body: Buffer.from('{"name":'),
    });
    expect(delivery).toMatchObject({ kind: 'reply', reply: { status: 400 } });
    expect(JSON.stringify(delivery)).toContain('We could not parse the JSON body of your request.');
  });
});
