/** The primary store that is used when a request names none. */
export interface DefaultStore {
  readonly storeId: string | null;
}
