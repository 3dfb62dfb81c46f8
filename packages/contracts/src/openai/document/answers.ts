import { z } from 'zod';

/*
 * Response schemas of `/v1`, for its OpenAPI document. Objects of a mirror may have fields of a newer OpenAI API, so
 * they are open.
 */

const Seconds = z.int().describe('Unix seconds');
const Attributes = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .describe('Up to 16 pairs that searches can filter by');
const FileCounts = z.object({
  in_progress: z.int(),
  completed: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  total: z.int(),
});

export const VectorStore = z.looseObject({
  id: z.string(),
  object: z.literal('vector_store'),
  created_at: Seconds,
  name: z.string().nullable(),
  description: z.string().nullable(),
  usage_bytes: z.int().describe('Bytes of parsed text and vectors'),
  file_counts: FileCounts,
  status: z.string().describe('`in_progress`, `completed` or `expired`'),
  expires_after: z
    .looseObject({ anchor: z.string().describe('`last_active_at`'), days: z.int() })
    .nullable()
    .describe('Null also for a policy that OpenAI cannot express; `expires_at` shows when such a store expires'),
  expires_at: Seconds.nullable(),
  last_active_at: Seconds.nullable(),
  metadata: z.record(z.string(), z.unknown()),
  source: z.enum(['primary', 'cache']).describe('`primary`: a store of this Espejo; `cache`: a read-only mirror'),
});

const ChunkingStrategyOfFile = z.looseObject({
  type: z.string().describe('`static`, or `other` for files from before there were strategies'),
  static: z.looseObject({ max_chunk_size_tokens: z.int(), chunk_overlap_tokens: z.int() }).optional(),
});

export const VectorStoreFile = z.looseObject({
  id: z.string().describe('The id of the file'),
  object: z.literal('vector_store.file'),
  usage_bytes: z.int(),
  created_at: Seconds.describe('When the file was attached, in unix seconds'),
  vector_store_id: z.string(),
  status: z.string().describe('`in_progress`, `completed`, `failed` or `cancelled`'),
  last_error: z
    .looseObject({
      code: z.string().describe('`server_error`, `unsupported_file` or `invalid_file`'),
      message: z.string(),
    })
    .nullable(),
  chunking_strategy: ChunkingStrategyOfFile,
  attributes: Attributes,
});

export const VectorStoreFileBatch = z.object({
  id: z.string(),
  object: z.literal('vector_store.file_batch'),
  created_at: Seconds,
  status: z.enum(['in_progress', 'completed', 'failed', 'cancelled']),
  vector_store_id: z.string(),
  file_counts: FileCounts,
});

export const FileObject = z.looseObject({
  object: z.literal('file'),
  id: z.string(),
  purpose: z.string(),
  filename: z.string(),
  bytes: z.int(),
  created_at: Seconds,
  expires_at: Seconds.nullable(),
  status: z.string(),
  status_details: z.string().nullable(),
});

export const Upload = z.object({
  id: z.string(),
  object: z.literal('upload'),
  bytes: z.int().describe('The size that was announced'),
  created_at: Seconds,
  filename: z.string(),
  purpose: z.string(),
  status: z.enum(['pending', 'completed', 'cancelled', 'expired']),
  expires_at: Seconds,
  file: FileObject.optional().describe('The file, once the upload is complete'),
});

export const UploadPart = z.object({
  id: z.string(),
  object: z.literal('upload.part'),
  created_at: Seconds,
  upload_id: z.string(),
});

export const Model = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.int().describe('0: not known'),
  owned_by: z.string(),
});
export const ModelList = z.object({ object: z.literal('list'), data: z.array(Model) });

export const EmbeddingList = z.object({
  object: z.literal('list'),
  data: z.array(
    z.object({
      object: z.literal('embedding'),
      index: z.int(),
      embedding: z
        .union([z.array(z.number()), z.string()])
        .describe('Numbers, or with `encoding_format: base64` little-endian 32-bit floats'),
    }),
  ),
  model: z.string(),
  usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
});

const Text = z.looseObject({ type: z.literal('text'), text: z.string() });
const page = { has_more: z.boolean().describe('false: there is one page'), next_page: z.string().nullable() };

export const SearchResultPage = z.object({
  object: z.literal('vector_store.search_results.page'),
  search_query: z.array(z.string()),
  data: z.array(
    z.object({
      file_id: z.string(),
      filename: z.string(),
      score: z.number().describe('0 to 1: how close the chunk is to the query'),
      attributes: Attributes.nullable(),
      content: z.array(Text).describe('The text of the chunk'),
    }),
  ),
  ...page,
});

export const FileContentPage = z.object({
  object: z.literal('vector_store.file_content.page'),
  data: z.array(Text),
  ...page,
});

export const DeletedVectorStore = deleted('vector_store.deleted');
export const DeletedVectorStoreFile = deleted('vector_store.file.deleted');
export const DeletedFile = deleted('file');

export const VectorStoreList = listOf(VectorStore);
export const VectorStoreFileList = listOf(VectorStoreFile);
export const FileList = listOf(FileObject);

export const WireErrorBody = z
  .object({
    error: z.object({
      message: z.string().describe('What happened and what to do about it'),
      type: z.string(),
      param: z.string().nullable().describe('The field or parameter of the error'),
      code: z.string().nullable().describe('Stable; null where OpenAI has none'),
      details: z.record(z.string(), z.unknown()).optional().describe('Facts for programs'),
    }),
    detail: z
      .object({ message: z.string(), code: z.string().nullable() })
      .optional()
      .describe('Under `/files`: the same a second time, as OpenAI sends it'),
  })
  .describe('An error, in the form of the OpenAI API');

function deleted<const T extends string>(object: T) {
  return z.object({ id: z.string(), object: z.literal(object), deleted: z.literal(true) });
}

function listOf<T extends z.ZodType>(row: T) {
  return z.object({
    object: z.literal('list'),
    data: z.array(row),
    first_id: z.string().nullable().describe('Null when the page is empty'),
    last_id: z.string().nullable().describe('Pass it on as `after` while `has_more` is true'),
    has_more: z.boolean(),
  });
}
