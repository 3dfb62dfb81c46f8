export type JsonObject = { readonly [key: string]: unknown };

export interface FileCounts {
  readonly in_progress: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly total: number;
}

/**
 * The values that a field of a listed row can have, by its kind. An optional field is null when it is absent or null.
 */
export interface UpstreamValues {
  readonly text: string;
  readonly optionalText: string | null;
  readonly integer: number;
  readonly optionalInteger: number | null;
  readonly optionalObject: JsonObject | null;
  readonly fileCounts: FileCounts;
}

interface UpstreamField {
  /** Its key in OpenAI's row. */
  readonly key: string;
  readonly kind: keyof UpstreamValues;
}

/**
 * Every field of a listed vector store but its id. Parsing, the type of a snapshot, the fingerprint and the history's
 * comparison use this table. Its order is the order of the fingerprint: after a change of it the next sync sees every
 * mirrored store as changed and lists its files again.
 */
export const STORE_FIELDS = {
  name: { key: 'name', kind: 'optionalText' },
  description: { key: 'description', kind: 'optionalText' },
  status: { key: 'status', kind: 'text' },
  fileCounts: { key: 'file_counts', kind: 'fileCounts' },
  usageBytes: { key: 'usage_bytes', kind: 'integer' },
  metadata: { key: 'metadata', kind: 'optionalObject' },
  expiresAfter: { key: 'expires_after', kind: 'optionalObject' },
  expiresAt: { key: 'expires_at', kind: 'optionalInteger' },
  lastActiveAt: { key: 'last_active_at', kind: 'optionalInteger' },
  createdAt: { key: 'created_at', kind: 'integer' },
} as const satisfies Readonly<Record<string, UpstreamField>>;

export type StoreField = keyof typeof STORE_FIELDS;

/** The fields of the table with their values. */
export type StoreFieldValues = {
  readonly [F in StoreField]: UpstreamValues[(typeof STORE_FIELDS)[F]['kind']];
};

export const STORE_FIELD_NAMES = Object.keys(STORE_FIELDS) as readonly StoreField[];

/** Only the fields of the table. Called for every row of a list, so it makes no object but the result. */
export function pickStoreFields(store: StoreFieldValues): StoreFieldValues {
  const picked: Partial<Record<StoreField, unknown>> = {};
  for (const field of STORE_FIELD_NAMES) picked[field] = store[field];
  // Every field of the table is copied.
  return picked as StoreFieldValues;
}
