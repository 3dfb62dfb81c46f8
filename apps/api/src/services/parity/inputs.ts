export interface CompareStoresInput {
  readonly leftStoreId: string;
  readonly rightStoreId: string;
  readonly queries: string[];
  readonly depth: number;
}
