/** A JSON Schema in the dialect of OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;

interface Described {
  readonly description: string;
  readonly schema: JsonSchema;
}

/** Query parameters. `filesLimit` is the `limit` of `/files`, which has larger pages. */
export const QUERY_PARAMETERS = {
  limit: { description: 'Rows per page', schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } },
  filesLimit: {
    description: 'Rows per page',
    schema: { type: 'integer', minimum: 1, maximum: 10_000, default: 10_000 },
  },
  order: {
    description: 'By the time of creation',
    schema: { type: 'string', enum: ['asc', 'desc'], default: 'desc' },
  },
  after: {
    description: 'The id of the row before the page; a row that was deleted within the last day counts too',
    schema: { type: 'string' },
  },
  before: { description: 'The id of the row after the page', schema: { type: 'string' } },
  filter: {
    description: 'Only files of this status',
    schema: { type: 'string', enum: ['in_progress', 'completed', 'failed', 'cancelled'] },
  },
  purpose: { description: 'Only files of this purpose', schema: { type: 'string' } },
  files: {
    description: 'What happens to files that no other store uses; by default a setting decides',
    schema: { type: 'string', enum: ['keep', 'delete'] },
  },
} as const satisfies Record<string, Described>;
export type ParameterName = keyof typeof QUERY_PARAMETERS;

/** Path parameters. */
export const PATH_PARAMETERS = {
  storeId: 'The id of a vector store',
  fileId: 'The id of a file',
  batchId: 'The id of a file batch',
  uploadId: 'The id of an upload',
  model: 'The name of a model',
} as const;
export type PathParameter = keyof typeof PATH_PARAMETERS;

const BYTES = { type: 'string', contentMediaType: 'application/octet-stream' } as const;

/** Form fields. */
export const FORM_FIELDS = {
  file: { isRequired: true, description: 'The file', schema: BYTES },
  data: { isRequired: true, description: 'The bytes of the part', schema: BYTES },
  purpose: {
    isRequired: true,
    description: 'What the file is for; searches need `assistants` or `user_data`',
    schema: { type: 'string', enum: ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] },
  },
  'expires_after[anchor]': {
    isRequired: false,
    description: 'With `expires_after[seconds]`: when the file expires',
    schema: { type: 'string', enum: ['created_at'] },
  },
  'expires_after[seconds]': {
    isRequired: false,
    description: 'Seconds after its creation',
    schema: { type: 'integer', minimum: 3_600, maximum: 2_592_000 },
  },
} as const satisfies Record<string, Described & { isRequired: boolean }>;
export type FormField = keyof typeof FORM_FIELDS;
