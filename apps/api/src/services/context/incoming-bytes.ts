/** Bytes on their way into the data folder: within the tenant's quota, and never into the reserve of the disk. */
export interface IncomingBytes {
  /**
   * Runs one transfer. Its bytes count from when `work` reads them out of the metered source until it ends; when it
   * resolves they are on record. What would fit but for other transfers of the tenant waits for one of them to end; when
   * all of them wait, the last to ask is refused, so that of transfers that do not fit together some get through. Throws
   * `too_many_uploads` at once, and from the source `limit_exceeded`, `quota_exceeded` and `disk_full`.
   */
  receive<T>(transfer: IncomingTransfer, work: (meter: Meter) => Promise<T>): Promise<T>;
  /** What of a tenant is under way beyond what is on record. */
  bytesOf(tenantId: string): number;
  /** How many bytes a tenant has on record has changed: what is known of it is read anew. */
  forget(tenantId: string): void;
}

export type Meter = (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

export interface IncomingTransfer {
  readonly tenantId: string;
  /** Set: it shares bytes that are on record in advance, see BytesUnderWay. */
  readonly group?: { readonly key: string; readonly coveredBytes: number };
  /** Begun by Espejo itself, which bounds how many there are. */
  readonly isInternal?: boolean;
}
