/** Does outside the database what the database says is still to be done there. */
export interface Outbox {
  /**
   * Works the list off once, beginning with what was on it when this was called. A task that fails stays on the list and
   * is logged; it never makes the caller's change fail, which is on record already.
   */
  perform(tenantId: string): Promise<void>;
  /**
   * A store is held for a while: what is to be done in it waits, and `onWanted` hears that something is. Answers the way
   * to let go.
   */
  hold(tenantId: string, storeId: string, onWanted: () => void): () => void;
  isHeld(tenantId: string, storeId: string): boolean;
  /** Of a tenant. */
  heldStoreIds(tenantId: string): string[];
}
