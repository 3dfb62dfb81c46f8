import type { FileCounts, StoreSnapshot } from '@espejo/core';
import { malformed } from './malformed.ts';
import {
  checkObjectType,
  isJsonObject,
  keepExtra,
  optionalInteger,
  optionalObject,
  optionalText,
  requiredId,
  requiredInteger,
  requiredText,
} from './parse-fields.ts';

/** Reads one row of `GET /vector_stores`; throws `malformed` when a required field is missing or of another type. */
export function parseStore(row: unknown): StoreSnapshot {
  if (!isJsonObject(row)) throw malformed('a row is not an object');
  checkObjectType(row.object, 'vector_store');
  let extra: Record<string, unknown> | null = null;
  for (const key in row) {
    switch (key) {
      case 'id':
      case 'object':
      case 'name':
      case 'description':
      case 'status':
      case 'file_counts':
      case 'usage_bytes':
      case 'metadata':
      case 'expires_after':
      case 'expires_at':
      case 'last_active_at':
      case 'created_at':
        break;
      default:
        extra = keepExtra(extra, key, row[key]);
    }
  }
  return {
    id: requiredId(row.id),
    name: optionalText(row.name, 'name'),
    description: optionalText(row.description, 'description'),
    status: requiredText(row.status, 'status'),
    fileCounts: parseFileCounts(row.file_counts),
    usageBytes: requiredInteger(row.usage_bytes, 'usage_bytes'),
    metadata: optionalObject(row.metadata, 'metadata'),
    expiresAfter: optionalObject(row.expires_after, 'expires_after'),
    expiresAt: optionalInteger(row.expires_at, 'expires_at'),
    lastActiveAt: optionalInteger(row.last_active_at, 'last_active_at'),
    createdAt: requiredInteger(row.created_at, 'created_at'),
    extra,
  };
}

/** The five counts, no more: a count this version does not know has no place in the snapshot. */
function parseFileCounts(value: unknown): FileCounts {
  if (!isJsonObject(value)) throw malformed('a row has no "file_counts"');
  return {
    in_progress: requiredInteger(value.in_progress, 'file_counts.in_progress'),
    completed: requiredInteger(value.completed, 'file_counts.completed'),
    failed: requiredInteger(value.failed, 'file_counts.failed'),
    cancelled: requiredInteger(value.cancelled, 'file_counts.cancelled'),
    total: requiredInteger(value.total, 'file_counts.total'),
  };
}
