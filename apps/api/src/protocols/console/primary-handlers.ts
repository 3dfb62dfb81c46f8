import type { ExplainedChunk, IngestedFile, StoreSearchResult } from '@espejo/contracts';
import { vectorStoreReadOnly } from '@espejo/core';
import type { AttachmentRecord } from '@espejo/db';
import { attachFile } from '../../services/attachments/attach-file.ts';
import { detachFile } from '../../services/attachments/detach-file.ts';
import { getAttachment } from '../../services/attachments/get-attachment.ts';
import { listChunks } from '../../services/attachments/list-chunks.ts';
import { retryIngestion } from '../../services/attachments/retry-ingestion.ts';
import { updateAttributes } from '../../services/attachments/update-attributes.ts';
import { readGuardrails, updateGuardrails } from '../../services/limits/guardrail-settings.ts';
import { findVectorStore } from '../../services/lookup/find-vector-store.ts';
import { type SearchResult, searchVectorStore } from '../../services/search/search-vector-store.ts';
import type { Services } from '../../services/services.ts';
import { openStoreIndex } from '../../services/store-index/embedders.ts';
import { storeKey } from '../../services/store-index/store-key.ts';
import type { ConsoleHandlers } from './handler-types.ts';

type PrimaryOperation =
  | 'attachFile'
  | 'getStoreFile'
  | 'updateFileAttributes'
  | 'detachFile'
  | 'listFileChunks'
  | 'retryIngestion'
  | 'getStoreIndex'
  | 'searchVectorStore'
  | 'getGuardrails'
  | 'updateGuardrails';

/** Handlers of the content of primary stores, and of searches in stores of both kinds. */
export function createPrimaryHandlers(services: Services): Pick<ConsoleHandlers, PrimaryOperation> {
  return {
    attachFile: async ({ by, params, body }) =>
      presentIngestedFile(
        await attachFile(services, {
          by,
          storeId: params.id,
          fileId: body.fileId,
          attributes: body.attributes ?? null,
          chunking: null,
        }),
      ),
    getStoreFile: async ({ tenantId, params }) =>
      presentIngestedFile(await getAttachment(services, { tenantId, storeId: params.id, fileId: params.fileId })),
    updateFileAttributes: async ({ by, params, body }) =>
      presentIngestedFile(
        await updateAttributes(services, {
          by,
          storeId: params.id,
          fileId: params.fileId,
          attributes: body.attributes,
        }),
      ),
    detachFile: async ({ by, params }) => {
      await detachFile(services, { by, storeId: params.id, fileId: params.fileId });
      return null;
    },
    listFileChunks: async ({ tenantId, params, query }) => {
      const { chunks, totalCount } = await listChunks(services, {
        tenantId,
        storeId: params.id,
        fileId: params.fileId,
        after: query.after ?? null,
        limit: query.limit,
      });
      const last = chunks.at(-1);
      return { data: chunks, total: totalCount, hasMore: last !== undefined && last.ordinal + 1 < totalCount };
    },
    retryIngestion: ({ by, params, body }) =>
      retryIngestion(services, { by, storeId: params.id, fileIds: body.fileIds ?? 'failed' }),
    getStoreIndex: async ({ tenantId, params }) => {
      const store = await findVectorStore(services, tenantId, params.id);
      if (store.source === 'cache') throw vectorStoreReadOnly(store.id);
      const { model } = await openStoreIndex(services, { tenantId, storeId: store.id });
      const { fileCount, chunkCount, usageBytes, diskBytes, mode, graph } = await services.index.stats(
        storeKey(tenantId, store.id),
      );
      const { name, kind, dimensions } = model;
      return {
        fileCount,
        chunkCount,
        usageBytes,
        diskBytes,
        mode,
        isBuilding: graph?.isBuilding ?? false,
        model: { name, kind, dimensions },
      };
    },
    searchVectorStore: async ({ tenantId, params, body }) => {
      const startedAtMs = services.clock.nowMs();
      const { embeddingWeight, textWeight } = body;
      const isEven = embeddingWeight === textWeight && embeddingWeight > 0;
      const { queries, results } = await searchVectorStore(services, {
        tenantId,
        storeId: params.id,
        queries: body.queries,
        filters: body.filters,
        resultsMax: body.limit,
        scoreThreshold: body.scoreThreshold,
        ranker: body.ranker === 'auto' ? null : body.ranker,
        // Equal weights are the default of a search; the field is omitted for a mirror, as only newer servers accept
        // it.
        hybrid: isEven ? null : { embeddingWeight, textWeight },
        rewriteQuery: false,
      });
      return {
        queries: [...queries],
        results: results.map(presentResult),
        durationMs: services.clock.nowMs() - startedAtMs,
      };
    },
    getGuardrails: ({ tenantId }) => readGuardrails(services.db.read, tenantId),
    updateGuardrails: ({ by, body }) => updateGuardrails(services, { by, change: body }),
  };
}

export function presentIngestedFile(row: AttachmentRecord): IngestedFile {
  return {
    id: row.fileId,
    vectorStoreId: row.storeId,
    filename: row.filename,
    bytes: row.bytes,
    status: row.status,
    usageBytes: row.usageBytes,
    lastError: row.lastError === null ? null : { ...row.lastError },
    gaps: row.gaps === null ? null : [...row.gaps],
    attributes: row.attributes === null ? null : { ...row.attributes },
    chunkCount: row.chunkCount,
    attempts: row.attempts,
  };
}

function presentResult({ fileId, filename, score, attributes, texts, chunk }: SearchResult): StoreSearchResult {
  return {
    fileId,
    filename,
    score,
    attributes: { ...attributes },
    texts: [...texts],
    chunk: chunk === null ? null : presentChunk(chunk),
  };
}

function presentChunk({
  fileId: _,
  filename: __,
  attributes: ___,
  ...chunk
}: NonNullable<SearchResult['chunk']>): ExplainedChunk {
  return chunk;
}
