/** How the sync spaces its work. */
export interface SyncSettings {
  /** Every store's files are listed at least this often, changed or not: it covers edits that move no fingerprint. */
  readonly relistIntervalMs: number;
  /** A scheduled run lists the project's files at least this often, changed or not. */
  readonly filesIntervalMs: number;
  readonly leaseTtlMs: number;
}
