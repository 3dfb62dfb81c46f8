/** Error codes under `/v1` by status; null: OpenAI has no code for it. */
export type Refusals = Readonly<Record<string, readonly (string | null)[]>>;

/** Errors of the schema of a JSON body. */
const BODY_CODES = [
  null,
  'invalid_type',
  'invalid_value',
  'missing_required_parameter',
  'unknown_parameter',
  'array_above_max_length',
  'array_below_min_length',
  'string_above_max_length',
  'string_below_min_length',
  'integer_above_max_value',
  'integer_below_min_value',
  'decimal_above_max_value',
  'decimal_below_min_value',
  'object_above_max_properties',
] as const;

/** Errors of every request: authentication, rate limits, server errors. */
export const ALWAYS: Refusals = {
  400: [null],
  401: [null, 'invalid_api_key'],
  403: ['forbidden_origin', 'role_insufficient', 'scope_insufficient', 'tenant_required'],
  415: ['unsupported_media_type'],
  429: ['rate_limit_exceeded', 'key_throttled'],
  500: [null],
  503: ['database_busy'],
};

/** Any method but GET may have a body, even if it is not used. */
export const WITH_BODY: Refusals = { 413: [null, 'body_too_large'], 415: [null] };
export const WITH_JSON_BODY: Refusals = { 400: BODY_CODES };
export const WITH_FORM: Refusals = { 429: ['too_many_uploads'], 503: ['content_busy'] };

/** A page of a list. */
export const WITH_PAGING: Refusals = {
  400: [
    'invalid_type',
    'invalid_value',
    'unknown_cursor',
    'integer_above_max_value',
    'integer_below_min_value',
    'decimal_above_max_value',
    'decimal_below_min_value',
  ],
};

/** Endpoints that write, and those that add to the disk. */
export const WRITES: Refusals = { 507: ['database_full', 'disk_full'] };

/** Objects named by id in a path: they may not exist, or the id may have another form than OpenAI's. */
export const BY_ID: Refusals = { 400: ['invalid_value'], 404: [null] };
export const NOT_THERE: Refusals = { 404: [null] };

/** Mirrors cannot be edited here. */
export const EDITS_STORE: Refusals = { 400: [null], 403: ['vector_store_read_only'] };

/** Limits of the installation and of the tenant plan. */
export const LIMITED: Refusals = {
  400: ['limit_exceeded', 'file_type_refused', 'duplicate_name'],
  403: ['quota_exceeded'],
};

/** Requests that are sent upstream, for a mirror. */
export const ASKS_UPSTREAM: Refusals = {
  404: [null, 'connection_not_found', 'upstream_gone'],
  409: ['connection_disabled'],
  429: ['upstream_rate_limited'],
  502: ['upstream_unauthorized', 'upstream_forbidden', 'upstream_malformed'],
  503: ['upstream_unavailable'],
};

/** Deletions go through the ledger, and are reported as done only when they are. */
export const DELETES: Refusals = {
  400: ['invalid_value'],
  409: ['deletion_parked', 'deletion_in_progress', 'connection_disabled', 'connection_busy', 'stale_plan'],
};

export const NEEDS_EMBEDDER: Refusals = { 503: ['embeddings_unavailable'] };

/** Merges them by status and in order, each code once. */
export function joinRefusals(parts: readonly Refusals[]): Refusals {
  const joined = new Map<string, Set<string | null>>();
  for (const part of parts) {
    for (const [status, codes] of Object.entries(part)) {
      const known = joined.get(status) ?? new Set();
      for (const code of codes) known.add(code);
      joined.set(status, known);
    }
  }
  const inOrder = [...joined].toSorted(([a], [b]) => Number(a) - Number(b));
  return Object.fromEntries(inOrder.map(([status, codes]) => [status, [...codes]]));
}
