/** How long before its end a store is announced, and how long after it an expired store is kept. */
export interface ExpirySettings {
  /** From here on a store expires "soon". */
  readonly warnAheadS: number;
  /** An expired primary store can be restored for this long, then it is purged. */
  readonly expiredRetentionMs: number;
  readonly trashRetentionMs: number;
}
