/** Carries out the tasks that the database lists for the file system and the indexes. */
export interface Outbox {
  /**
   * Carries out the tasks that were listed when this was called. A task that fails stays listed and is logged; it never
   * fails the caller's change, which is already committed.
   */
  perform(tenantId: string): Promise<void>;
  /** Pauses the tasks of a store; `onWanted` is called when one is waiting. Returns the function that resumes. */
  hold(tenantId: string, storeId: string, onWanted: () => void): () => void;
  isHeld(tenantId: string, storeId: string): boolean;
  /** Of a tenant. */
  heldStoreIds(tenantId: string): string[];
}
