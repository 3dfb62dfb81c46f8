/** The primary store that is meant where none is named. */
export interface DefaultStore {
  readonly storeId: string | null;
}
