import { formatExactBytes } from './bytes.ts';
import { formatAbsolute } from './time.ts';

const FIELD_LABELS: Readonly<Record<string, string>> = {
  name: 'Name',
  description: 'Description',
  status: 'Status',
  metadata: 'Metadata',
  file_counts: 'File counts',
  fileCounts: 'File counts',
  usage_bytes: 'Size',
  usageBytes: 'Size',
  expires_after: 'Expiry policy',
  expiresAfter: 'Expiry policy',
  expires_at: 'Expires',
  expiresAt: 'Expires',
  last_active_at: 'Last active',
  lastActiveAt: 'Last active',
  created_at: 'Created',
  createdAt: 'Created',
  extra: 'Other fields',
};

/** The label of a store field; the name of an unknown one is returned unchanged. */
export function fieldLabel(field: string): string {
  return FIELD_LABELS[field] ?? field;
}

/** A field's value on one side of a change, as text. */
export function formatFieldValue(field: string, value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'number') {
    if (/(_at|At)$/.test(field)) return formatAbsolute(value);
    if (/bytes$/i.test(field)) return formatExactBytes(value);
    return String(value);
  }
  if (typeof value === 'string') return value === '' ? '(empty)' : value;
  return JSON.stringify(value);
}
