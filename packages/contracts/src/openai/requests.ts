import { z } from 'zod';

/** OpenAI's default for `auto`. */
export const AUTO_CHUNKING: StaticChunking = { type: 'static', maxTokens: 800, overlapTokens: 400 };

export interface StaticChunking {
  readonly type: 'static';
  readonly maxTokens: number;
  readonly overlapTokens: number;
}

/** Limits of the request bodies in the published schema. */
const METADATA_PAIRS_MAX = 16;
const KEY_LENGTH_MAX = 64;
const VALUE_LENGTH_MAX = 512;
const STORE_FILES_MAX = 500;
const BATCH_FILES_MAX = 2000;

const Metadata = pairs(z.string().max(VALUE_LENGTH_MAX));
/** A larger number has lost digits when it was parsed. */
const AttributeNumber = z.number().superRefine((value, context) => {
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return;
  const isAbove = value > 0;
  const bound = isAbove
    ? ({ code: 'too_big', maximum: Number.MAX_SAFE_INTEGER } as const)
    : ({ code: 'too_small', minimum: Number.MIN_SAFE_INTEGER } as const);
  context.addIssue({ ...bound, origin: 'number', input: value });
});
const Attributes = pairs(z.union([z.string().max(VALUE_LENGTH_MAX), AttributeNumber, z.boolean()]));

const StoreExpiry = z.strictObject({ anchor: z.literal('last_active_at'), days: z.int().min(1).max(365) });
const FileExpiry = z.strictObject({
  anchor: z.literal('created_at'),
  seconds: z.int().min(3600).max(2_592_000),
});

const ChunkingStrategy = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('auto') }),
    z.strictObject({
      type: z.literal('static'),
      static: z
        .strictObject({
          max_chunk_size_tokens: z.int().min(100).max(4096),
          chunk_overlap_tokens: z.int().min(0),
        })
        .refine((value) => value.chunk_overlap_tokens * 2 <= value.max_chunk_size_tokens, {
          message:
            "Invalid 'chunking_strategy.static.chunk_overlap_tokens': must not exceed half of 'max_chunk_size_tokens'.",
        }),
    }),
  ])
  .transform((strategy): StaticChunking => {
    if (strategy.type === 'auto') return AUTO_CHUNKING;
    const { max_chunk_size_tokens: maxTokens, chunk_overlap_tokens: overlapTokens } = strategy.static;
    return { type: 'static', maxTokens, overlapTokens };
  });

export const CreateStoreBody = z.strictObject({
  name: z.string().max(256).nullish(),
  description: z.string().max(512).nullish(),
  file_ids: z.array(z.string()).max(STORE_FILES_MAX).nullish(),
  expires_after: StoreExpiry.nullish(),
  /** For the files named here; without any, for those that are attached later. */
  chunking_strategy: ChunkingStrategy.optional(),
  metadata: Metadata.nullish(),
});

export const UpdateStoreBody = z.strictObject({
  name: z.string().max(256).nullish(),
  expires_after: StoreExpiry.nullish(),
  metadata: Metadata.nullish(),
});

export const AttachFileBody = z.strictObject({
  file_id: z.string(),
  attributes: Attributes.nullish(),
  chunking_strategy: ChunkingStrategy.optional(),
});

export const UpdateAttributesBody = z.strictObject({ attributes: Attributes.nullable() });

export const CreateBatchBody = z
  .strictObject({
    file_ids: z.array(z.string()).min(1).max(BATCH_FILES_MAX).optional(),
    files: z.array(AttachFileBody).min(1).max(BATCH_FILES_MAX).optional(),
    attributes: Attributes.nullish(),
    chunking_strategy: ChunkingStrategy.optional(),
  })
  .refine((body) => (body.file_ids === undefined) !== (body.files === undefined), {
    message: "Exactly one of 'file_ids' and 'files' must be given.",
  });

export const CreateUploadBody = z.strictObject({
  filename: z.string().min(1),
  purpose: z.enum(['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals']),
  bytes: z
    .int()
    .min(0)
    .max(8 * 2 ** 30),
  mime_type: z.string(),
  expires_after: FileExpiry.optional(),
});

export const CompleteUploadBody = z.strictObject({ part_ids: z.array(z.string()), md5: z.string().optional() });

export const ComparisonFilter = z.strictObject({
  type: z.enum(['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'nin']),
  key: z.string(),
  value: z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]),
});
export const CompoundFilter = z.strictObject({
  type: z.enum(['and', 'or']),
  get filters() {
    return z.array(z.discriminatedUnion('type', [ComparisonFilter, CompoundFilter]));
  },
});
export const SearchFilter = z.discriminatedUnion('type', [ComparisonFilter, CompoundFilter]);
export type SearchFilter = z.output<typeof SearchFilter>;

export const SearchBody = z.strictObject({
  query: z.union([z.string(), z.array(z.string().min(1)).min(1)]),
  rewrite_query: z.boolean().default(false),
  max_num_results: z.int().min(1).max(50).default(10),
  filters: SearchFilter.nullish(),
  ranking_options: z
    .strictObject({
      ranker: z
        .enum(['none', 'auto', 'default-2024-11-15', 'default-2024-08-21', 'default_2024_08_21'])
        .default('auto'),
      score_threshold: z.number().min(0).max(1).default(0),
      // Documented for ranking in general, though missing from this endpoint's published schema.
      hybrid_search: z.strictObject({ embedding_weight: z.number().min(0), text_weight: z.number().min(0) }).optional(),
    })
    .nullish(),
});
export type SearchBody = z.output<typeof SearchBody>;

/** The same with its filter unparsed, for servers with a reader of their own that no nesting exhausts. */
export const SearchBodyWithRawFilter = SearchBody.extend({ filters: z.unknown().optional() });

export const EmbeddingsBody = z.strictObject({
  input: z.union([
    z.string(),
    z.array(z.string()).min(1).max(2048),
    z.array(z.int()).min(1).max(2048),
    z.array(z.array(z.int()).min(1)).min(1).max(2048),
  ]),
  model: z.string(),
  encoding_format: z.enum(['float', 'base64']).default('float'),
  dimensions: z.int().optional(),
  user: z.string().optional(),
});
export type EmbeddingsBody = z.output<typeof EmbeddingsBody>;

function pairs<V extends z.ZodType>(value: V) {
  return z.record(z.string().max(KEY_LENGTH_MAX), value).superRefine((map, context) => {
    if (Object.keys(map).length <= METADATA_PAIRS_MAX) return;
    context.addIssue({ code: 'too_big', origin: 'object', maximum: METADATA_PAIRS_MAX, input: map });
  });
}
