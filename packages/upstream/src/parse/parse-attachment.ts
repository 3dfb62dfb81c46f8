import type { AttachmentSnapshot } from '@espejo/core';
import { malformed } from './malformed.ts';
import {
  checkObjectType,
  isJsonObject,
  keepExtra,
  optionalInteger,
  optionalObject,
  requiredId,
  requiredInteger,
  requiredText,
} from './parse-fields.ts';

/**
 * Reads one row of `GET /vector_stores/{id}/files`. A row of another store than the requested one rejects its page: it
 * would otherwise be mirrored into the wrong store.
 */
export function parseAttachment(row: unknown, storeId: string): AttachmentSnapshot {
  if (!isJsonObject(row)) throw malformed('a row is not an object');
  checkObjectType(row.object, 'vector_store.file');
  if (row.vector_store_id !== undefined && row.vector_store_id !== storeId) {
    throw malformed('a row belongs to another vector store than the one listed');
  }
  let extra: Record<string, unknown> | null = null;
  for (const key in row) {
    switch (key) {
      case 'id':
      case 'object':
      case 'vector_store_id':
      case 'status':
      case 'usage_bytes':
      case 'created_at':
      case 'last_error':
      case 'chunking_strategy':
      case 'attributes':
        break;
      default:
        extra = keepExtra(extra, key, row[key]);
    }
  }
  return {
    fileId: requiredId(row.id),
    status: requiredText(row.status, 'status'),
    usageBytes: optionalInteger(row.usage_bytes, 'usage_bytes'),
    createdAt: requiredInteger(row.created_at, 'created_at'),
    lastError: optionalObject(row.last_error, 'last_error'),
    chunkingStrategy: optionalObject(row.chunking_strategy, 'chunking_strategy'),
    attributes: optionalObject(row.attributes, 'attributes'),
    extra,
  };
}
