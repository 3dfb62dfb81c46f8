import type { z } from 'zod';
import {
  AttachFileBody,
  CompleteUploadBody,
  CreateBatchBody,
  CreateStoreBody,
  CreateUploadBody,
  EmbeddingsBody,
  SearchBody,
  UpdateAttributesBody,
  UpdateStoreBody,
} from '../requests.ts';
import type { WireRoutes } from '../routes.ts';
import * as answers from './answers.ts';
import * as examples from './examples.ts';
import type { FormField, ParameterName } from './parameters.ts';
import * as refusals from './refusals.ts';

/** The groups of endpoints. */
export const WIRE_TAGS = {
  'Vector stores': 'Stores of this Espejo, and read-only mirrors of stores at OpenAI',
  'Vector store files': 'Files in a store, with their attributes and parsed text',
  'File batches': 'Many files attached by one request',
  Files: 'Files, in a store or not',
  Uploads: 'Large files, sent in parts',
  Embeddings: 'Vectors of texts, and the model that makes them',
} as const;

/** The description of one endpoint, without its path and method. */
export interface WireOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tag: keyof typeof WIRE_TAGS;
  readonly query?: readonly ParameterName[];
  readonly body?: { readonly schema: z.ZodType; readonly example: unknown; readonly isOptional?: true };
  readonly form?: readonly FormField[];
  /** JSON of a schema, or the bytes of a file. */
  readonly answer: { readonly schema: z.ZodType; readonly example: unknown } | 'bytes';
  readonly refusals: readonly refusals.Refusals[];
}

type WireOperations = {
  readonly [Path in keyof WireRoutes]: { readonly [Method in keyof WireRoutes[Path]]: WireOperation };
};

const PAGING = ['limit', 'order', 'after', 'before'] as const;
const store = { schema: answers.VectorStore, example: examples.STORE };
const storeFile = { schema: answers.VectorStoreFile, example: examples.STORE_FILE };
const storeFiles = { schema: answers.VectorStoreFileList, example: examples.listExample(examples.STORE_FILE) };
const batch = { schema: answers.VectorStoreFileBatch, example: examples.BATCH };
const file = { schema: answers.FileObject, example: examples.FILE };
const upload = { schema: answers.Upload, example: examples.UPLOAD };

/** Every endpoint of the route table, described. */
export const WIRE_OPERATIONS: WireOperations = {
  '/vector_stores': {
    GET: {
      operationId: 'listVectorStores',
      summary: 'List vector stores',
      description:
        'Stores of this Espejo and mirrors of upstream, newest first. A key that is limited to single stores sees only those.',
      tag: 'Vector stores',
      query: PAGING,
      answer: { schema: answers.VectorStoreList, example: examples.listExample(examples.STORE) },
      refusals: [refusals.WITH_PAGING],
    },
    POST: {
      operationId: 'createVectorStore',
      summary: 'Create a vector store',
      description:
        'Creates a primary store. The files named in `file_ids` are ingested from then on; `file_counts` shows the progress. ' +
        'A `chunking_strategy` is also the default for files that are attached later.',
      tag: 'Vector stores',
      body: { schema: CreateStoreBody, example: examples.REQUESTS.createStore, isOptional: true },
      answer: store,
      refusals: [
        refusals.WITH_JSON_BODY,
        refusals.NOT_THERE,
        refusals.LIMITED,
        refusals.NEEDS_EMBEDDER,
        refusals.WRITES,
        { 400: ['file_mirrored', 'expiry_in_past'] },
      ],
    },
  },
  '/vector_stores/:storeId': {
    GET: {
      operationId: 'getVectorStore',
      summary: 'Get a vector store',
      description:
        'A mirror is read from Espejo and not from upstream; `x-espejo-as-of` has its age. A store in the trash is answered like one that does not exist.',
      tag: 'Vector stores',
      answer: store,
      refusals: [refusals.BY_ID],
    },
    POST: {
      operationId: 'updateVectorStore',
      summary: 'Change a vector store',
      description:
        'Changes name, expiry or metadata of a primary store. Absent fields stay unchanged; `null` clears. A mirror is never edited here.',
      tag: 'Vector stores',
      body: { schema: UpdateStoreBody, example: examples.REQUESTS.updateStore, isOptional: true },
      answer: store,
      refusals: [
        refusals.WITH_JSON_BODY,
        refusals.BY_ID,
        refusals.EDITS_STORE,
        refusals.WRITES,
        { 400: ['duplicate_name', 'limit_exceeded', 'expiry_in_past', 'vector_store_expired'] },
      ],
    },
    DELETE: {
      operationId: 'deleteVectorStore',
      summary: 'Delete a vector store',
      description:
        'A primary store goes to the trash at once. A mirror is deleted upstream through the deletion ledger, with the files that no ' +
        'other store uses. `deleted: true` means that all of it is deleted; `x-espejo-deletion` has the id of the deletion.',
      tag: 'Vector stores',
      query: ['files'],
      answer: {
        schema: answers.DeletedVectorStore,
        example: examples.deletedExample(examples.STORE.id, 'vector_store.deleted'),
      },
      refusals: [refusals.BY_ID, refusals.DELETES, refusals.ASKS_UPSTREAM, refusals.WRITES],
    },
  },
  '/vector_stores/:storeId/search': {
    POST: {
      operationId: 'searchVectorStore',
      summary: 'Search a vector store',
      description:
        'Returns one row per chunk, best first. Filters apply before ranking. A mirror is searched upstream, with all parameters of the request.',
      tag: 'Vector stores',
      body: { schema: SearchBody, example: examples.REQUESTS.search },
      answer: { schema: answers.SearchResultPage, example: examples.SEARCH_RESULTS },
      refusals: [
        refusals.WITH_JSON_BODY,
        refusals.BY_ID,
        refusals.ASKS_UPSTREAM,
        refusals.NEEDS_EMBEDDER,
        { 400: ['vector_store_expired'] },
      ],
    },
  },
  '/vector_stores/:storeId/files': {
    GET: {
      operationId: 'listVectorStoreFiles',
      summary: 'List the files of a vector store',
      description: 'Files in the order they were attached, newest first. `filter` keeps those of one status.',
      tag: 'Vector store files',
      query: [...PAGING, 'filter'],
      answer: storeFiles,
      refusals: [refusals.BY_ID, refusals.WITH_PAGING, { 400: ['vector_store_expired'] }],
    },
    POST: {
      operationId: 'createVectorStoreFile',
      summary: 'Attach a file to a vector store',
      description:
        'The file is `in_progress` until it is parsed, chunked, embedded and indexed, then `completed` or `failed` with a `last_error`. ' +
        'A mirrored file cannot be attached: its bytes are upstream.',
      tag: 'Vector store files',
      body: { schema: AttachFileBody, example: examples.REQUESTS.attachFile },
      answer: storeFile,
      refusals: [
        refusals.WITH_JSON_BODY,
        refusals.BY_ID,
        refusals.EDITS_STORE,
        refusals.LIMITED,
        refusals.WRITES,
        { 400: ['file_mirrored', 'vector_store_expired'] },
      ],
    },
  },
  '/vector_stores/:storeId/files/:fileId': {
    GET: {
      operationId: 'getVectorStoreFile',
      summary: 'Get a file of a vector store',
      description:
        'The ingestion status of the file, with its attributes. While it is `in_progress`, `openai-poll-after-ms` says when to poll again.',
      tag: 'Vector store files',
      answer: storeFile,
      refusals: [refusals.BY_ID, { 400: ['vector_store_expired'] }],
    },
    POST: {
      operationId: 'updateVectorStoreFile',
      summary: 'Replace the attributes of a file',
      description: 'Replaces all attributes; `null` removes them. A mirror is never edited here.',
      tag: 'Vector store files',
      body: { schema: UpdateAttributesBody, example: examples.REQUESTS.updateAttributes },
      answer: storeFile,
      refusals: [
        refusals.WITH_JSON_BODY,
        refusals.BY_ID,
        refusals.EDITS_STORE,
        refusals.WRITES,
        { 400: ['vector_store_expired'] },
      ],
    },
    DELETE: {
      operationId: 'deleteVectorStoreFile',
      summary: 'Detach a file from a vector store',
      description: 'Removes the file from the store and its index. The file itself stays.',
      tag: 'Vector store files',
      answer: {
        schema: answers.DeletedVectorStoreFile,
        example: examples.deletedExample(examples.FILE.id, 'vector_store.file.deleted'),
      },
      refusals: [refusals.BY_ID, refusals.EDITS_STORE, refusals.WRITES, { 400: ['vector_store_expired'] }],
    },
  },
  '/vector_stores/:storeId/files/:fileId/content': {
    GET: {
      operationId: 'getVectorStoreFileContent',
      summary: 'Read the parsed text of a file',
      description:
        'The text that was read from the file, in order. 404 while there is none yet, and when upstream has none any more. For a mirror it is read from upstream.',
      tag: 'Vector store files',
      answer: { schema: answers.FileContentPage, example: examples.FILE_CONTENT },
      refusals: [
        refusals.BY_ID,
        refusals.ASKS_UPSTREAM,
        refusals.NEEDS_EMBEDDER,
        { 400: ['vector_store_expired', 'attachment_not_ready', 'file_content_unavailable'] },
      ],
    },
  },
  '/vector_stores/:storeId/file_batches': {
    POST: {
      operationId: 'createVectorStoreFileBatch',
      summary: 'Attach many files at once',
      description:
        'Either `file_ids`, to all of which `attributes` and `chunking_strategy` apply, or `files`, each with its own. All of them are attached, or none.',
      tag: 'File batches',
      body: { schema: CreateBatchBody, example: examples.REQUESTS.createBatch },
      answer: batch,
      refusals: [
        refusals.WITH_JSON_BODY,
        refusals.BY_ID,
        refusals.EDITS_STORE,
        refusals.LIMITED,
        refusals.WRITES,
        { 400: ['file_mirrored', 'vector_store_expired'] },
      ],
    },
  },
  '/vector_stores/:storeId/file_batches/:batchId': {
    GET: {
      operationId: 'getVectorStoreFileBatch',
      summary: 'Get a file batch',
      description:
        'How many files of the batch are ingested. While it is `in_progress`, `openai-poll-after-ms` says when to poll again.',
      tag: 'File batches',
      answer: batch,
      refusals: [refusals.BY_ID],
    },
  },
  '/vector_stores/:storeId/file_batches/:batchId/cancel': {
    POST: {
      operationId: 'cancelVectorStoreFileBatch',
      summary: 'Cancel a file batch',
      description: 'Files that are not ingested yet become `cancelled`. A finished batch stays unchanged.',
      tag: 'File batches',
      answer: batch,
      refusals: [refusals.BY_ID, refusals.EDITS_STORE, refusals.WRITES],
    },
  },
  '/vector_stores/:storeId/file_batches/:batchId/files': {
    GET: {
      operationId: 'listFilesInVectorStoreBatch',
      summary: 'List the files of a batch',
      description: 'Files that were attached with this batch, newest first. `filter` keeps those of one status.',
      tag: 'File batches',
      query: [...PAGING, 'filter'],
      answer: storeFiles,
      refusals: [refusals.BY_ID, refusals.WITH_PAGING],
    },
  },
  '/files': {
    GET: {
      operationId: 'listFiles',
      summary: 'List files',
      description: 'Files of this Espejo and of mirrored projects, newest first, without expired files.',
      tag: 'Files',
      query: ['filesLimit', 'order', 'after', 'purpose'],
      answer: { schema: answers.FileList, example: examples.listExample(examples.FILE) },
      refusals: [{ 400: ['invalid_value'] }],
    },
    POST: {
      operationId: 'createFile',
      summary: 'Upload a file',
      description:
        'Accepts one file as a form. It is written to disk as it arrives, so its size is bounded only by the limits of the installation.',
      tag: 'Files',
      form: ['file', 'purpose', 'expires_after[anchor]', 'expires_after[seconds]'],
      answer: file,
      refusals: [refusals.WITH_FORM, refusals.LIMITED, refusals.WRITES],
    },
  },
  '/files/:fileId': {
    GET: {
      operationId: 'getFile',
      summary: 'Get a file',
      description: 'Name, size and purpose of a file.',
      tag: 'Files',
      answer: file,
      refusals: [refusals.NOT_THERE],
    },
    DELETE: {
      operationId: 'deleteFile',
      summary: 'Delete a file',
      description:
        'Detaches the file from every store first. A mirrored one is deleted upstream through the deletion ledger; `deleted: true` means that it is deleted.',
      tag: 'Files',
      answer: { schema: answers.DeletedFile, example: examples.deletedExample(examples.FILE.id, 'file') },
      refusals: [refusals.NOT_THERE, refusals.DELETES, refusals.ASKS_UPSTREAM, refusals.WRITES],
    },
  },
  '/files/:fileId/content': {
    GET: {
      operationId: 'getFileContent',
      summary: 'Download a file',
      description:
        'The bytes as they were sent. A mirror has no bytes, so only files of this Espejo can be downloaded.',
      tag: 'Files',
      answer: 'bytes',
      refusals: [refusals.NOT_THERE, { 400: ['file_content_unavailable'] }],
    },
  },
  '/uploads': {
    POST: {
      operationId: 'createUpload',
      summary: 'Start an upload in parts',
      description: 'Announces a file that is sent in parts. An upload stays open for an hour.',
      tag: 'Uploads',
      body: { schema: CreateUploadBody, example: examples.REQUESTS.createUpload },
      answer: upload,
      refusals: [refusals.WITH_JSON_BODY, refusals.LIMITED, refusals.WRITES],
    },
  },
  '/uploads/:uploadId/parts': {
    POST: {
      operationId: 'addUploadPart',
      summary: 'Send a part of an upload',
      description: 'Up to 64 MB. Parts may be sent in any order and at the same time.',
      tag: 'Uploads',
      form: ['data'],
      answer: { schema: answers.UploadPart, example: examples.UPLOAD_PART },
      refusals: [
        refusals.WITH_FORM,
        refusals.NOT_THERE,
        refusals.LIMITED,
        refusals.WRITES,
        { 400: ['upload_not_open'] },
      ],
    },
  },
  '/uploads/:uploadId/complete': {
    POST: {
      operationId: 'completeUpload',
      summary: 'Complete an upload',
      description: 'Makes the file from the parts, in the given order. Their sizes must add up to the announced size.',
      tag: 'Uploads',
      body: { schema: CompleteUploadBody, example: examples.REQUESTS.completeUpload },
      answer: { ...upload, example: { ...examples.UPLOAD, status: 'completed', file: examples.FILE } },
      refusals: [
        refusals.WITH_JSON_BODY,
        refusals.NOT_THERE,
        refusals.LIMITED,
        refusals.WRITES,
        { 400: ['upload_not_open', 'upload_incomplete'], 503: ['content_busy'] },
      ],
    },
  },
  '/uploads/:uploadId/cancel': {
    POST: {
      operationId: 'cancelUpload',
      summary: 'Cancel an upload',
      description: 'Deletes the parts. The upload cannot be completed afterwards.',
      tag: 'Uploads',
      answer: { ...upload, example: { ...examples.UPLOAD, status: 'cancelled' } },
      refusals: [refusals.NOT_THERE, refusals.WRITES, { 400: ['upload_not_open'] }],
    },
  },
  '/models': {
    GET: {
      operationId: 'listModels',
      summary: 'List models',
      description: 'The embedding model of this installation; there is no other.',
      tag: 'Embeddings',
      answer: { schema: answers.ModelList, example: { object: 'list', data: [examples.MODEL] } },
      refusals: [],
    },
  },
  '/models/:model': {
    GET: {
      operationId: 'getModel',
      summary: 'Get a model',
      description: 'Whether it is the embedding model of this installation.',
      tag: 'Embeddings',
      answer: { schema: answers.Model, example: examples.MODEL },
      refusals: [{ 404: ['model_not_found'] }],
    },
  },
  '/embeddings': {
    POST: {
      operationId: 'createEmbedding',
      summary: 'Embed texts',
      description:
        'Vectors of texts, or of token ids of `cl100k_base`. `dimensions` is accepted for models whose vectors can be shortened.',
      tag: 'Embeddings',
      body: { schema: EmbeddingsBody, example: examples.REQUESTS.embeddings },
      answer: { schema: answers.EmbeddingList, example: examples.EMBEDDINGS },
      refusals: [refusals.WITH_JSON_BODY, refusals.NEEDS_EMBEDDER, { 404: ['model_not_found'] }],
    },
  },
};
