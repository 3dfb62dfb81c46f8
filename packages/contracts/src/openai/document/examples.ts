/** Examples of the `/v1` document: one store with one file, and what is done with them. */
const STORE_ID = 'vs_69271f40a1b24c5d8e6f7a8b9c0d1e2f';
const FILE_ID = 'file-8KqT2mVbN4xLw7RcYh3JsD';
const CREATED_AT = 1764171584;
const ATTRIBUTES = { lang: 'en', year: 2026 };
const FILE_COUNTS = { in_progress: 0, completed: 1, failed: 0, cancelled: 0, total: 1 };

export const PARAMETER_EXAMPLES = {
  storeId: STORE_ID,
  fileId: FILE_ID,
  batchId: 'vsfb_69271f52c3d44e5f8a6b7c8d9e0f1a2b',
  uploadId: 'upload_69271f60d4e54f6a8b7c8d9e0f1a2b3c',
  model: 'lexical-384',
} as const;

export const STORE = {
  id: STORE_ID,
  object: 'vector_store',
  created_at: CREATED_AT,
  name: 'Handbook',
  description: 'Rules and holidays',
  usage_bytes: 3_190,
  file_counts: FILE_COUNTS,
  status: 'completed',
  expires_after: { anchor: 'last_active_at', days: 30 },
  expires_at: CREATED_AT + 30 * 86_400,
  last_active_at: CREATED_AT,
  metadata: { team: 'support' },
  source: 'primary',
};

export const STORE_FILE = {
  id: FILE_ID,
  object: 'vector_store.file',
  usage_bytes: 3_190,
  created_at: CREATED_AT,
  vector_store_id: STORE_ID,
  status: 'completed',
  last_error: null,
  chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
  attributes: ATTRIBUTES,
};

export const FILE = {
  object: 'file',
  id: FILE_ID,
  purpose: 'assistants',
  filename: 'handbook.md',
  bytes: 1_654,
  created_at: CREATED_AT,
  expires_at: null,
  status: 'processed',
  status_details: null,
};

export const BATCH = {
  id: PARAMETER_EXAMPLES.batchId,
  object: 'vector_store.file_batch',
  created_at: CREATED_AT,
  status: 'completed',
  vector_store_id: STORE_ID,
  file_counts: FILE_COUNTS,
};

export const UPLOAD = {
  id: PARAMETER_EXAMPLES.uploadId,
  object: 'upload',
  bytes: 1_654,
  created_at: CREATED_AT,
  filename: 'handbook.md',
  purpose: 'assistants',
  status: 'pending',
  expires_at: CREATED_AT + 3_600,
};

export const UPLOAD_PART = {
  id: 'part_69271f6ee5f64a7b8c9d0e1f2a3b4c5d',
  object: 'upload.part',
  created_at: CREATED_AT,
  upload_id: UPLOAD.id,
};

export const MODEL = { id: PARAMETER_EXAMPLES.model, object: 'model', created: 0, owned_by: 'espejo' };

export const EMBEDDINGS = {
  object: 'list',
  data: [{ object: 'embedding', index: 0, embedding: [0.031, -0.118, 0.257] }],
  model: MODEL.id,
  usage: { prompt_tokens: 7, total_tokens: 7 },
};

const CONTENT = [{ type: 'text', text: 'Everybody has 30 days of leave a year.' }];
const PAGE = { has_more: false, next_page: null };

export const SEARCH_RESULTS = {
  object: 'vector_store.search_results.page',
  search_query: ['How many days of leave?'],
  data: [{ file_id: FILE_ID, filename: FILE.filename, score: 0.71, attributes: ATTRIBUTES, content: CONTENT }],
  ...PAGE,
};

export const FILE_CONTENT = { object: 'vector_store.file_content.page', data: CONTENT, ...PAGE };

export const REQUESTS = {
  createStore: {
    name: STORE.name,
    description: STORE.description,
    file_ids: [FILE_ID],
    expires_after: STORE.expires_after,
    metadata: STORE.metadata,
  },
  updateStore: { name: STORE.name, metadata: { team: 'sales' } },
  attachFile: {
    file_id: FILE_ID,
    attributes: ATTRIBUTES,
    chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 400, chunk_overlap_tokens: 100 } },
  },
  updateAttributes: { attributes: ATTRIBUTES },
  createBatch: { file_ids: [FILE_ID], attributes: ATTRIBUTES },
  search: {
    query: 'How many days of leave?',
    max_num_results: 5,
    filters: { type: 'eq', key: 'lang', value: 'en' },
    ranking_options: { score_threshold: 0.3 },
  },
  createUpload: { filename: FILE.filename, purpose: 'assistants', bytes: FILE.bytes, mime_type: 'text/markdown' },
  completeUpload: { part_ids: [UPLOAD_PART.id] },
  embeddings: { model: MODEL.id, input: 'How many days of leave?', encoding_format: 'float' },
};

export function listExample(row: { readonly id: string }) {
  return { object: 'list', data: [row], first_id: row.id, last_id: row.id, has_more: false };
}

export function deletedExample(id: string, object: string) {
  return { id, object, deleted: true };
}
