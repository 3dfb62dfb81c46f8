/**
 * Every error of the API and the screens: a stable code, the HTTP status, and whether an unchanged retry can help.
 * `docs/errors.md` has the same table; a test compares the two.
 */
export const ERROR_TABLE = {
  invalid_request: { status: 400, isRetryable: false },
  invalid_json: { status: 400, isRetryable: false },
  invalid_cron: { status: 400, isRetryable: false },
  invalid_base_url: { status: 400, isRetryable: false },
  api_key_required: { status: 400, isRetryable: false },
  expiry_in_past: { status: 400, isRetryable: false },
  unknown_cursor: { status: 400, isRetryable: false },
  limit_exceeded: { status: 400, isRetryable: false },
  duplicate_name: { status: 400, isRetryable: false },
  file_type_refused: { status: 400, isRetryable: false },
  file_mirrored: { status: 400, isRetryable: false },
  file_content_unavailable: { status: 400, isRetryable: false },
  attachment_not_ready: { status: 400, isRetryable: false },
  upload_not_open: { status: 400, isRetryable: false },
  upload_incomplete: { status: 400, isRetryable: false },
  oidc_state_invalid: { status: 400, isRetryable: false },
  unauthorized: { status: 401, isRetryable: false },
  credentials_invalid: { status: 401, isRetryable: false },
  forbidden_origin: { status: 403, isRetryable: false },
  role_insufficient: { status: 403, isRetryable: false },
  scope_insufficient: { status: 403, isRetryable: false },
  // 403, not 429: clients retry a 429, and a quota stays full until something is removed.
  quota_exceeded: { status: 403, isRetryable: false },
  session_required: { status: 403, isRetryable: false },
  tenant_required: { status: 403, isRetryable: false },
  operator_required: { status: 403, isRetryable: false },
  invitation_for_another: { status: 403, isRetryable: false },
  not_invited: { status: 403, isRetryable: false },
  oidc_refused: { status: 403, isRetryable: false },
  oidc_token_invalid: { status: 403, isRetryable: false },
  oidc_email_unverified: { status: 403, isRetryable: false },
  oidc_email_invalid: { status: 403, isRetryable: false },
  vector_store_read_only: { status: 403, isRetryable: false },
  connection_read_only: { status: 403, isRetryable: false },
  plan_read_only: { status: 403, isRetryable: false },
  route_not_found: { status: 404, isRetryable: false },
  vector_store_not_found: { status: 404, isRetryable: false },
  file_not_found: { status: 404, isRetryable: false },
  sync_run_not_found: { status: 404, isRetryable: false },
  connection_not_found: { status: 404, isRetryable: false },
  deletion_not_found: { status: 404, isRetryable: false },
  attachment_not_found: { status: 404, isRetryable: false },
  file_batch_not_found: { status: 404, isRetryable: false },
  api_key_not_found: { status: 404, isRetryable: false },
  agent_not_found: { status: 404, isRetryable: false },
  transfer_not_found: { status: 404, isRetryable: false },
  parity_run_not_found: { status: 404, isRetryable: false },
  upload_not_found: { status: 404, isRetryable: false },
  plan_not_found: { status: 404, isRetryable: false },
  tenant_not_found: { status: 404, isRetryable: false },
  embedding_model_not_found: { status: 404, isRetryable: false },
  member_not_found: { status: 404, isRetryable: false },
  invitation_not_found: { status: 404, isRetryable: false },
  store_grant_not_found: { status: 404, isRetryable: false },
  session_not_found: { status: 404, isRetryable: false },
  method_not_allowed: { status: 405, isRetryable: false },
  sync_already_running: { status: 409, isRetryable: true },
  sync_run_not_reviewable: { status: 409, isRetryable: false },
  sync_run_not_running: { status: 409, isRetryable: false },
  stale_plan: { status: 409, isRetryable: false },
  deletion_not_open: { status: 409, isRetryable: false },
  transfer_not_open: { status: 409, isRetryable: false },
  vector_store_not_in_trash: { status: 409, isRetryable: false },
  connection_busy: { status: 409, isRetryable: true },
  connection_duplicate: { status: 409, isRetryable: false },
  connection_disabled: { status: 409, isRetryable: false },
  agent_projects_mixed: { status: 409, isRetryable: false },
  plan_in_use: { status: 409, isRetryable: false },
  setup_done: { status: 409, isRetryable: false },
  setup_needed: { status: 409, isRetryable: false },
  member_exists: { status: 409, isRetryable: false },
  last_owner: { status: 409, isRetryable: false },
  account_of_another: { status: 409, isRetryable: false },
  // 410, not 409: clients retry a 409.
  vector_store_expired: { status: 410, isRetryable: false },
  vector_store_trashed: { status: 410, isRetryable: false },
  agent_store_unavailable: { status: 410, isRetryable: false },
  body_too_large: { status: 413, isRetryable: false },
  unsupported_media_type: { status: 415, isRetryable: false },
  rate_limit_exceeded: { status: 429, isRetryable: true },
  sign_in_throttled: { status: 429, isRetryable: true },
  // The same key stays wrong, so a retry cannot help.
  key_throttled: { status: 429, isRetryable: false },
  too_many_uploads: { status: 429, isRetryable: true },
  internal: { status: 500, isRetryable: true },
  upstream_gone: { status: 502, isRetryable: false },
  upstream_unauthorized: { status: 502, isRetryable: false },
  upstream_forbidden: { status: 502, isRetryable: false },
  upstream_malformed: { status: 502, isRetryable: true },
  upstream_rate_limited: { status: 503, isRetryable: true },
  upstream_unavailable: { status: 503, isRetryable: true },
  oidc_unavailable: { status: 503, isRetryable: true },
  embeddings_unavailable: { status: 503, isRetryable: true },
  content_busy: { status: 503, isRetryable: true },
  interrupted: { status: 503, isRetryable: true },
  lease_lost: { status: 503, isRetryable: true },
  database_busy: { status: 503, isRetryable: true },
  database_full: { status: 507, isRetryable: true },
  disk_full: { status: 507, isRetryable: false },
} as const satisfies Record<string, { status: number; isRetryable: boolean }>;

export type ErrorCode = keyof typeof ERROR_TABLE;

/**
 * The only error type that services throw to callers. `message` is public: it says what to do and never contains
 * upstream bodies, SQL or paths. The cause is for the log only.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly isRetryable: boolean;
  /** Public facts for programs: what differs, which limit, the present value. */
  readonly details: Readonly<Record<string, unknown>> | null;

  constructor(
    code: ErrorCode,
    publicMessage: string,
    options: { cause?: unknown; details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(publicMessage, options.cause === undefined ? undefined : { cause: options.cause });
    this.details = options.details ?? null;
    this.name = 'AppError';
    this.code = code;
    this.status = ERROR_TABLE[code].status;
    this.isRetryable = ERROR_TABLE[code].isRetryable;
  }
}

/**
 * One error for a store that does not exist and one that is out of the caller's reach, so that ids cannot be probed.
 */
export function vectorStoreNotFound(storeId: string): AppError {
  return new AppError('vector_store_not_found', `There is no vector store with id '${storeId}'.`);
}

/** The error of every protocol for an edit of a mirror (rule 1 of docs/architecture.md). */
export function vectorStoreReadOnly(storeId: string): AppError {
  return new AppError(
    'vector_store_read_only',
    `Vector store '${storeId}' is a mirror of an OpenAI store and cannot be edited here. Edit it in the OpenAI project it comes from; the change arrives with the next sync.`,
  );
}
