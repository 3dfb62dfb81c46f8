import fc from 'fast-check';
import type { RequestSources, Target } from './target.ts';

const words = fc.constantFrom('ships at night', 'invoice', '', 'x'.repeat(300));
const optional = { requiredKeys: [] };
const metadata = fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), { maxKeys: 3 });
const attributes = fc.dictionary(fc.string({ maxLength: 8 }), fc.oneof(fc.string(), fc.double(), fc.boolean()), {
  maxKeys: 3,
});
const chunking = fc.constantFrom(
  { type: 'auto' },
  { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
);
const expiry = fc.record({ anchor: fc.constant('last_active_at'), days: fc.integer({ min: 1, max: 365 }) });
const filters = fc.oneof(
  fc.constant(null),
  fc.constant({ type: 'and', filters: [{ type: 'eq', key: 'a', value: 1 }] }),
);
const ranking = fc.constantFrom({}, { ranker: 'none' }, { hybrid_search: { embedding_weight: 1, text_weight: 0 } });

/** Every operation under `/v1`. */
export function wireTargets({ ids }: RequestSources): Target[] {
  const fileIds = fc.array(fc.constantFrom(...ids), { maxLength: 3 });
  const paging = {
    limit: fc.integer({ min: 1, max: 100 }).map(String),
    order: fc.constantFrom('asc', 'desc'),
    after: fc.constantFrom(...ids),
    before: fc.constantFrom(...ids),
  };
  const filter = { filter: fc.constantFrom('in_progress', 'completed', 'failed', 'cancelled') };
  const store = '/v1/vector_stores/{storeId}';
  const read = (path: string, query: Target['query'] = {}): Target => target('GET', path, { query });
  return [
    read('/v1/vector_stores', paging),
    target('POST', '/v1/vector_stores', {
      json: fc.record({ name: fc.string(), metadata, expires_after: expiry, file_ids: fileIds }, optional),
    }),
    read(store),
    target('POST', store, { json: fc.record({ name: fc.string(), metadata, expires_after: expiry }, optional) }),
    target('DELETE', store, { query: { files: fc.constantFrom('keep', 'delete') } }),
    target('POST', `${store}/search`, {
      json: fc.record(
        { query: words, filters, max_num_results: fc.integer({ min: 1, max: 50 }), ranking_options: ranking },
        { requiredKeys: ['query'] },
      ),
    }),
    read(`${store}/files`, { ...paging, ...filter }),
    target('POST', `${store}/files`, {
      json: fc.record(
        { file_id: fc.constantFrom(...ids), attributes, chunking_strategy: chunking },
        { requiredKeys: ['file_id'] },
      ),
    }),
    read(`${store}/files/{fileId}`),
    target('POST', `${store}/files/{fileId}`, { json: fc.record({ attributes }) }),
    target('DELETE', `${store}/files/{fileId}`),
    read(`${store}/files/{fileId}/content`),
    target('POST', `${store}/file_batches`, {
      json: fc.oneof(fc.record({ file_ids: fileIds, attributes }), fc.record({ files: fc.constant([]) })),
    }),
    read(`${store}/file_batches/{batchId}`),
    target('POST', `${store}/file_batches/{batchId}/cancel`),
    read(`${store}/file_batches/{batchId}/files`, { ...paging, ...filter }),
    read('/v1/models'),
    read('/v1/models/{model}'),
    read('/v1/files', { ...paging, purpose: fc.constantFrom('assistants', 'user_data') }),
    target('POST', '/v1/files', {
      form: { file: 'file', fields: { purpose: 'assistants', 'expires_after[anchor]': 'created_at' } },
    }),
    read('/v1/files/{fileId}'),
    target('DELETE', '/v1/files/{fileId}'),
    read('/v1/files/{fileId}/content'),
    target('POST', '/v1/uploads', {
      json: fc.record({
        filename: fc.string({ minLength: 1 }),
        purpose: fc.constant('assistants'),
        bytes: fc.integer({ min: 0, max: 4096 }),
        mime_type: fc.constant('text/plain'),
      }),
    }),
    target('POST', '/v1/uploads/{uploadId}/parts', { form: { file: 'data', fields: {} } }),
    target('POST', '/v1/uploads/{uploadId}/complete', { json: fc.record({ part_ids: fileIds, md5: fc.string() }) }),
    target('POST', '/v1/uploads/{uploadId}/cancel'),
    target('POST', '/v1/embeddings', {
      json: fc.record({
        input: fc.oneof(fc.string(), fc.array(fc.string(), { maxLength: 4 })),
        model: fc.constantFrom('x', 'text-embedding-3-small'),
        encoding_format: fc.constantFrom('float', 'base64'),
      }),
    }),
  ];
}

function target(method: string, path: string, more: Partial<Pick<Target, 'query' | 'json' | 'form'>> = {}): Target {
  return {
    operationId: `${method} ${path}`,
    method,
    path,
    query: {},
    json: null,
    form: null,
    isUpload: false,
    ...more,
  };
}
