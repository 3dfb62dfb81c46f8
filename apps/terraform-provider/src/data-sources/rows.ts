import { type Attributes, attribute, type CtyType, type ObjectValue } from '@espejo/terraform-plugin';
import type { AttachedFile, FileRow, Store } from '../client/rows.ts';
import { countsState, fileCounts } from '../resources/attributes.ts';

/* What data sources show of a row. */

const computed = (type: CtyType, description: string) => attribute.of(type, { computed: true, description });

export const storeAttributes: Attributes = {
  description: computed('string', 'Its description.'),
  metadata: computed(['map', 'string'], 'Its metadata pairs.'),
  expires_after: computed(
    ['object', { anchor: 'string', days: 'number' }],
    'When it expires; null: never, or by another policy.',
  ),
  status: computed('string', '`in_progress`, `completed` or `expired`.'),
  created_at: computed('number', 'When it was created, in unix seconds.'),
  usage_bytes: computed('number', 'Bytes that are billed.'),
  file_counts: { ...fileCounts, isVolatile: undefined },
  last_active_at: computed('number', 'Its last use, in unix seconds.'),
  expires_at: computed('number', 'When it expires, in unix seconds; null: never.'),
  source: computed('string', 'Espejo only: `primary`, or `cache` for a mirror.'),
};

export function storeState(store: Store): ObjectValue {
  const expiry = store.expires_after ?? null;
  return {
    id: store.id,
    name: store.name,
    description: store.description ?? null,
    metadata: store.metadata ?? {},
    expires_after: expiry === null ? null : { anchor: expiry.anchor, days: expiry.days },
    status: store.status,
    created_at: store.created_at,
    usage_bytes: store.usage_bytes,
    file_counts: countsState(store.file_counts),
    last_active_at: store.last_active_at ?? null,
    expires_at: store.expires_at ?? null,
    source: store.source ?? null,
  };
}

export const fileRowAttributes: Attributes = {
  filename: computed('string', 'Its name.'),
  purpose: computed('string', 'Its purpose.'),
  bytes: computed('number', 'Its size.'),
  created_at: computed('number', 'When it was uploaded, in unix seconds.'),
  expires_at: computed('number', 'When it expires, in unix seconds; null: never.'),
};

export function fileRowState(row: FileRow): ObjectValue {
  return {
    id: row.id,
    filename: row.filename,
    purpose: row.purpose,
    bytes: row.bytes,
    created_at: row.created_at,
    expires_at: row.expires_at ?? null,
  };
}

export const attachedType: CtyType = [
  'object',
  {
    file_id: 'string',
    status: 'string',
    error: 'string',
    usage_bytes: 'number',
    created_at: 'number',
    attributes: ['map', 'string'],
  },
];

export function attachedState(file: AttachedFile): ObjectValue {
  return {
    file_id: file.id,
    status: file.status,
    error: file.last_error === null ? null : `${file.last_error.code}: ${file.last_error.message}`,
    usage_bytes: file.usage_bytes,
    created_at: file.created_at,
    attributes: textMap(file.attributes),
  };
}

/** Attributes of mixed types as strings, because a list in Terraform has one type. */
export function textMap(map: Readonly<Record<string, unknown>> | null): ObjectValue {
  return Object.fromEntries(Object.entries(map ?? {}).map(([key, value]) => [key, String(value)]));
}
