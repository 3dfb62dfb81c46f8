/** Intervals of the sync. */
export interface SyncSettings {
  /**
   * The files of every store are listed at least this often, changed or not: it finds edits that change no fingerprint.
   */
  readonly relistIntervalMs: number;
  /** A scheduled run lists the files of the project at least this often, changed or not. */
  readonly filesIntervalMs: number;
  readonly leaseTtlMs: number;
}
