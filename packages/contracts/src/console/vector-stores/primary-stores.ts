import { z } from 'zod';
import { LIMITS } from '../../limits.ts';
import { JsonMap } from '../common.ts';

const AttributeText = z.string().max(LIMITS.metadataValueMax);

/** Attributes of a file in a store, as in OpenAI's API. */
export const FileAttributes = z
  .record(z.string().min(1).max(LIMITS.metadataKeyMax), z.union([AttributeText, z.number(), z.boolean()]))
  .refine((map) => Object.keys(map).length <= LIMITS.metadataPairsMax, {
    message: `at most ${LIMITS.metadataPairsMax} attributes`,
  });
export type FileAttributes = z.infer<typeof FileAttributes>;

export const StoreFileParams = z.object({
  id: z.string().min(1).max(LIMITS.idMax),
  fileId: z.string().min(1).max(LIMITS.idMax),
});

/** The ingestion of a file in a primary store. */
export const IngestedFile = z
  .object({
    id: z.string().describe('The file id'),
    vectorStoreId: z.string(),
    filename: z.string().nullable(),
    bytes: z.int().nullable(),
    status: z.string(),
    usageBytes: z.int().nullable(),
    lastError: JsonMap.nullable(),
    gaps: z
      .array(z.string())
      .nullable()
      .describe('What of the file could not be read, one sentence each; null: its text is complete'),
    attributes: JsonMap.nullable(),
    chunkCount: z.int().nullable(),
    attempts: z.int().describe('Attempts so far'),
  })
  .meta({ id: 'IngestedFile' });
export type IngestedFile = z.infer<typeof IngestedFile>;

/** One event of the ingestion of files into a store; `file` is null in keep-alive events. */
export const IngestionProgress = z
  .object({
    file: z
      .object({
        id: z.string(),
        status: z.string().nullable().describe('null: it was detached'),
        phase: z.enum(['waiting', 'parsing', 'embedding', 'indexing']).nullable(),
        doneChunks: z.int(),
        totalChunks: z.int().describe('0 while it is not known'),
      })
      .nullable(),
  })
  .meta({ id: 'IngestionProgress' });
export type IngestionProgress = z.infer<typeof IngestionProgress>;

export const AttachFileBody = z.strictObject({
  fileId: z.string().min(1).max(LIMITS.idMax),
  attributes: FileAttributes.optional(),
});

export const UpdateAttributesBody = z.strictObject({
  attributes: FileAttributes.describe('Replaces all attributes of the file'),
});

export const RetryIngestionBody = z.strictObject({
  fileIds: z
    .array(z.string().max(LIMITS.idMax))
    .min(1)
    .max(LIMITS.bulkItemsMax)
    .optional()
    .describe('Absent: every failed file of the store'),
});
export const RetriedFiles = z.object({ fileIds: z.array(z.string()) });

export const ListChunksQuery = z.object({
  after: z.coerce.number().int().min(0).optional().describe('The ordinal of the last chunk seen'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** A chunk of a file's text, as indexed. */
export const FileChunk = z.object({
  ordinal: z.int().describe('From 0, in reading order'),
  text: z.string(),
  tokenCount: z.int(),
  startOffset: z.int(),
  endOffset: z.int(),
  page: z.int().nullable(),
  line: z.int(),
});
export const FileChunkPage = z
  .object({ data: z.array(FileChunk), total: z.int(), hasMore: z.boolean() })
  .meta({ id: 'FileChunkPage' });
export type FileChunkPage = z.infer<typeof FileChunkPage>;

export const StoreIndex = z
  .object({
    fileCount: z.int(),
    chunkCount: z.int(),
    usageBytes: z.int(),
    diskBytes: z.int(),
    mode: z.enum(['exact', 'graph']).describe('exact: every vector is compared'),
    isBuilding: z.boolean().describe('A graph is being built; chunks that are not in it yet are compared exactly'),
    model: z.object({
      name: z.string(),
      kind: z
        .enum(['lexical', 'static', 'remote'])
        .describe('lexical: finds words and spellings, not meanings; static: a model in a folder of this machine'),
      dimensions: z.int(),
    }),
  })
  .meta({ id: 'StoreIndex' });
export type StoreIndex = z.infer<typeof StoreIndex>;

export const SearchStoreBody = z.strictObject({
  queries: z.array(z.string().min(1).max(4096)).min(1).max(8),
  filters: z.unknown().default(null).describe("OpenAI's filter grammar over attributes; null: none"),
  limit: z.int().min(1).max(LIMITS.searchResultsMax).default(10),
  scoreThreshold: z.number().min(0).max(1).default(0),
  ranker: z.enum(['auto', 'none']).default('auto').describe('none: only vectors'),
  embeddingWeight: z.number().min(0).max(1000).default(1),
  textWeight: z.number().min(0).max(1000).default(1),
});
export type SearchStoreBody = z.input<typeof SearchStoreBody>;

/** How the score of a chunk of a primary store was computed; null where vectors or words were not used. */
export const ExplainedChunk = FileChunk.omit({ tokenCount: true }).extend({
  score: z.number(),
  cosine: z.number().nullable().describe('Between the vectors of the query and the chunk'),
  vectorScore: z.number().nullable().describe('The meaning of that cosine for the model, from 0 to 1'),
  textScore: z.number().nullable().describe("The share of the query's words that the chunk has, from 0 to 1"),
});
export type ExplainedChunk = z.infer<typeof ExplainedChunk>;

/** One row per chunk: a file occurs as often as chunks of it were found. */
export const StoreSearchResult = z.object({
  fileId: z.string(),
  filename: z.string(),
  score: z.number(),
  attributes: JsonMap,
  texts: z.array(z.string()).describe('One for a primary store; as many as upstream gives for a mirror'),
  chunk: ExplainedChunk.nullable().describe("null for a mirror: its scores are OpenAI's own"),
});
export type StoreSearchResult = z.infer<typeof StoreSearchResult>;

export const StoreSearch = z
  .object({ queries: z.array(z.string()), results: z.array(StoreSearchResult), durationMs: z.number() })
  .meta({ id: 'StoreSearch' });
export type StoreSearch = z.infer<typeof StoreSearch>;

const Limit = z.int().min(0).nullable().describe('null: no such limit');
/** A type, or a whole family of them: `application/pdf`, `text/*`. */
export const MimePattern = z
  .string()
  .trim()
  .toLowerCase()
  .max(200)
  .regex(/^[\w.+-]+\/(\*|[\w.+-]+)$/, 'must look like application/pdf or text/*');

/** The limits of this installation. */
export const GuardrailSettings = z
  .object({
    duplicateFilenames: z.enum(['allow', 'refuse']).describe('Two files with the same name in one store'),
    duplicateStoreNames: z.enum(['allow', 'refuse']).describe('Two stores with the same name'),
    allowedMimeTypes: z.array(MimePattern).max(200).nullable().describe('null: all types'),
    fileBytesMax: z.int().min(1).max(LIMITS.fileBytesMax),
    filesPerStoreMax: Limit,
    storesMax: Limit,
    totalBytesMax: Limit,
    unattachedFiles: z
      .enum(['when_unused', 'always', 'never'])
      .describe(
        'Which files in no store are offered for clean-up. when_unused: if every other tool of the project could be read and none uses them; always: also if one could not be read; never: none',
      ),
    filesOfDeletedStores: z.enum(['delete', 'keep']).describe('When a deletion through /v1 does not say'),
  })
  .meta({ id: 'GuardrailSettings' });
export type GuardrailSettings = z.infer<typeof GuardrailSettings>;
export const UpdateGuardrailsBody = GuardrailSettings.partial().strict();
export type UpdateGuardrailsBody = z.infer<typeof UpdateGuardrailsBody>;
