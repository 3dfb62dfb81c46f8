import type { FileSnapshot } from '@espejo/core';
import { malformed } from './malformed.ts';
import {
  checkObjectType,
  isJsonObject,
  keepExtra,
  optionalInteger,
  optionalText,
  requiredId,
  requiredInteger,
  requiredText,
} from './parse-fields.ts';

/** Reads one row of `GET /files`; throws `malformed` when a required field is missing or of another type. */
export function parseFile(row: unknown): FileSnapshot {
  if (!isJsonObject(row)) throw malformed('a row is not an object');
  checkObjectType(row.object, 'file');
  let extra: Record<string, unknown> | null = null;
  for (const key in row) {
    switch (key) {
      case 'id':
      case 'object':
      case 'filename':
      case 'bytes':
      case 'purpose':
      case 'status':
      case 'created_at':
      case 'expires_at':
        break;
      case 'status_details':
        // Deprecated, and null on every recorded row: one object per file for it would cost a million of them.
        if (row[key] !== null) extra = keepExtra(extra, key, row[key]);
        break;
      default:
        extra = keepExtra(extra, key, row[key]);
    }
  }
  return {
    id: requiredId(row.id),
    filename: requiredText(row.filename, 'filename'),
    bytes: optionalInteger(row.bytes, 'bytes'),
    purpose: requiredText(row.purpose, 'purpose'),
    status: optionalText(row.status, 'status'),
    createdAt: requiredInteger(row.created_at, 'created_at'),
    expiresAt: optionalInteger(row.expires_at, 'expires_at'),
    extra,
  };
}
