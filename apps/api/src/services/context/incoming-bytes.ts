/** Bytes that are written into the data folder: within the tenant's quota, and never into the disk reserve. */
export interface IncomingBytes {
  /**
   * Runs one transfer. Its bytes count from when `work` reads them from the metered source until it ends; when it
   * resolves they are recorded. A transfer that would fit but for others of the tenant waits for one of them to end;
   * when all of them wait, the last one is rejected, so that some of them succeed. Throws `too_many_uploads` at once,
   * and from the source `limit_exceeded`, `quota_exceeded` and `disk_full`.
   */
  receive<T>(transfer: IncomingTransfer, work: (meter: Meter) => Promise<T>): Promise<T>;
  /** Bytes of a tenant in progress beyond the recorded ones. */
  bytesOf(tenantId: string): number;
  /** A tenant's recorded bytes have changed: the cached number is read again. */
  forget(tenantId: string): void;
}

export type Meter = (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

export interface IncomingTransfer {
  readonly tenantId: string;
  /** Set: it shares bytes that are already recorded, see BytesUnderWay. */
  readonly group?: { readonly key: string; readonly coveredBytes: number };
  /** Started by Espejo itself, which limits their number. */
  readonly isInternal?: boolean;
}
