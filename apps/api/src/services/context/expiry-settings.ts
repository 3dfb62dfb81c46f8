/** How long before an end it is announced, and how long after it what ended is kept. */
export interface ExpirySettings {
  /** From here on a store ends "soon". */
  readonly warnAheadS: number;
  /** An expired store of ours can be brought back for this long, then it is purged. */
  readonly expiredRetentionMs: number;
  readonly trashRetentionMs: number;
}
