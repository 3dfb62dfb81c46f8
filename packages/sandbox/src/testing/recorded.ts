/**
 * Responses recorded from the live API (the MIT-licensed session records of openai-dotnet, 2025-09 to 2026-05), cut to
 * what their shape needs. Key order and nulls are as recorded.
 */
const counts = { in_progress: 0, completed: 1, failed: 0, cancelled: 0, total: 1 };

export const RECORDED = {
  createdStore: {
    id: 'vs_68c9eda7fd0c8191be12ef7c0d1999db',
    object: 'vector_store',
    created_at: 1758064040,
    name: null,
    description: null,
    usage_bytes: 0,
    file_counts: { in_progress: 5, completed: 0, failed: 0, cancelled: 0, total: 5 },
    status: 'in_progress',
    expires_after: null,
    expires_at: null,
    last_active_at: 1758064040,
    metadata: {},
  },
  listedStore: {
    id: 'vs_68c9e7afcb788191bb78a14c675ed352',
    object: 'vector_store',
    created_at: 1758062511,
    name: null,
    description: null,
    usage_bytes: 1151,
    file_counts: counts,
    status: 'completed',
    expires_after: { anchor: 'last_active_at', days: 7 },
    expires_at: 1758667315,
    last_active_at: 1758062515,
    metadata: {},
  },
  deletedStore: { id: 'vs_68c9edc494008191904c3c447031fece', object: 'vector_store.deleted', deleted: true },
  attachment: {
    id: 'file-G1oqbTRRW8Wxv9DXTepouG',
    object: 'vector_store.file',
    usage_bytes: 0,
    created_at: 1758064059,
    vector_store_id: 'vs_68c9edb91bd0819181f77b5bbe965d7a',
    status: 'in_progress',
    last_error: null,
    chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
    attributes: {},
  },
  /** Of a 21-byte file. */
  indexedAttachment: {
    id: 'file-7DEYLGMaVFbYV4PBJor84P',
    object: 'vector_store.file',
    usage_bytes: 1045,
    created_at: 1758064182,
    vector_store_id: 'vs_68c9ee2edb9081919e0691de508d4fd7',
    status: 'completed',
    last_error: null,
    chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
    attributes: {},
  },
  detached: { id: 'file-G1oqbTRRW8Wxv9DXTepouG', object: 'vector_store.file.deleted', deleted: true },
  batch: {
    id: 'vsfb_06284994797f4808b5a36bf19f4b6680',
    object: 'vector_store.file_batch',
    created_at: 1758064116,
    status: 'in_progress',
    vector_store_id: 'vs_68c9edecaa10819185ff548a8bae87b2',
    file_counts: { in_progress: 10, completed: 0, failed: 0, cancelled: 0, total: 10 },
  },
  file: {
    object: 'file',
    id: 'file-EJ8NH2THLrcFDNe82UukDT',
    purpose: 'assistants',
    filename: 'test_file_000.txt',
    bytes: 21,
    created_at: 1758064035,
    expires_at: null,
    status: 'processed',
    status_details: null,
  },
  deletedFile: { object: 'file', deleted: true, id: 'file-S44aCkVktmFaKmbgGrdgLt' },
  fileNotFound: {
    error: {
      message: 'No such File object: fake_id',
      type: 'invalid_request_error',
      param: 'id',
      code: null,
    },
    detail: { message: 'No such File object: fake_id', code: null },
  },
  wrongPurpose: {
    error: {
      message:
        "'world_domination' is not one of ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] - 'purpose'",
      type: 'invalid_request_error',
      param: 'purpose',
      code: null,
    },
    detail: {
      message:
        "'world_domination' is not one of ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] - 'purpose'",
      code: null,
    },
  },
  upload: {
    id: 'upload_68cb2ab4b6cc8191b75b2ce214482d40',
    object: 'upload',
    bytes: 8,
    created_at: 1758145204,
    filename: 'uploads_test_file.jsonl',
    purpose: 'fine-tune',
    status: 'pending',
    expires_at: 1758148804,
  },
  part: {
    id: 'part_68cb2ab53be881918156a0ace62994b2',
    object: 'upload.part',
    created_at: 1758145205,
    upload_id: 'upload_68cb2ab4b6cc8191b75b2ce214482d40',
  },
  completedUpload: {
    id: 'upload_68cb2a7db1008191a9fc811a39b4a95b',
    object: 'upload',
    bytes: 8,
    created_at: 1758145149,
    filename: 'uploads_test_file.jsonl',
    purpose: 'fine-tune',
    status: 'completed',
    expires_at: 1758148749,
    file: {
      object: 'file',
      id: 'file-RRx32Mws4VZG3ZUnsU6Dvf',
      purpose: 'fine-tune',
      filename: 'uploads_test_file.jsonl',
      bytes: 8,
      created_at: 1758145149,
      expires_at: null,
      status: 'processed',
      status_details: null,
    },
  },
} as const;

/** The shape of a response: its keys in order, with the kind of each value; ids by their form. */
export function shapeOf(value: unknown): unknown {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === 'object') return Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]);
  if (typeof value !== 'string') return typeof value;
  return /^(vs|vsfb|upload|part)_[0-9a-z_]*[0-9a-f]{32}$|^file-[0-9A-Za-z]{22}$/.test(value)
    ? value.split(/[_-]/)[0]
    : 'string';
}
