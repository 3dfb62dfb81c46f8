import { hash } from 'node:crypto';
import type { AttachmentSnapshot, FileSnapshot, StoreSnapshot } from './snapshot.ts';
import { STORE_FIELD_NAMES } from './store-fields.ts';

/**
 * Equal exactly when upstream's rows are equal: every field of `STORE_FIELDS` and every unknown field. A store with a
 * new fingerprint has its files listed again (docs/architecture.md, section 4).
 */
export function storeFingerprint(store: StoreSnapshot): string {
  const values: unknown[] = [];
  for (const field of STORE_FIELD_NAMES) {
    if (field === 'fileCounts') {
      const counts = store.fileCounts;
      values.push(counts.in_progress, counts.completed, counts.failed, counts.cancelled, counts.total);
    } else {
      values.push(sorted(store[field]));
    }
  }
  values.push(sorted(store.extra));
  return digest(values);
}

export function attachmentHash(attachment: AttachmentSnapshot): string {
  return digest([
    attachment.status,
    attachment.usageBytes,
    attachment.createdAt,
    sorted(attachment.lastError),
    sorted(attachment.chunkingStrategy),
    sorted(attachment.attributes),
    sorted(attachment.extra),
  ]);
}

export function fileHash(file: FileSnapshot): string {
  return digest([
    file.filename,
    file.bytes,
    file.purpose,
    file.status,
    file.createdAt,
    file.expiresAt,
    sorted(file.extra),
  ]);
}

/** 120 bits: a collision is not a practical event, and a million of them need little memory. */
function digest(values: readonly unknown[]): string {
  return hash('sha1', JSON.stringify(values), 'base64').slice(0, 20);
}

/** The order of keys has no meaning in JSON, so it must not count as a change. */
function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(sorted);
  const keys = Object.keys(value);
  if (keys.length < 2 && keys.every((key) => typeof Reflect.get(value, key) !== 'object')) return value;
  return Object.fromEntries(keys.sort().map((key) => [key, sorted(Reflect.get(value, key))]));
}
