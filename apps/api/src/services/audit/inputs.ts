export interface ListAuditQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly q?: string | undefined;
  readonly actor?: string | undefined;
  readonly kind?:
    | 'access'
    | 'account'
    | 'agent'
    | 'api_key'
    | 'attachment'
    | 'clock'
    | 'connection'
    | 'default_store'
    | 'deletion'
    | 'file'
    | 'file_batch'
    | 'guardrails'
    | 'ingestion'
    | 'installation'
    | 'invitation'
    | 'member'
    | 'owner'
    | 'plan'
    | 'secret'
    | 'session'
    | 'settings'
    | 'store_grant'
    | 'sweep'
    | 'sync_run'
    | 'tenant'
    | 'transfer'
    | 'upload'
    | 'vector_store'
    | undefined;
}
