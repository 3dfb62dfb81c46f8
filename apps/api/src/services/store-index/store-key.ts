import type { VectorIndex } from '@espejo/retrieval';

declare const KEY: unique symbol;

/**
 * A store and the tenant it is in. An id alone names no store: what a tenant's upstream lists may have the id that a store
 * of another tenant has. Whatever is kept outside the database by store is kept by this.
 */
export type StoreKey = string & { readonly [KEY]: true };

/** Neither id has a slash in it, so no two stores have one key. In the index folder it is the path of the store. */
export function storeKey(tenantId: string, storeId: string): StoreKey {
  return `${tenantId}/${storeId}` as StoreKey;
}

/** An index as verbs see it: its methods take a key, so one that is asked with an id alone does not compile. */
export type StoreIndex = {
  readonly [M in keyof VectorIndex]: VectorIndex[M] extends (storeId: string, ...rest: infer R) => infer T
    ? (key: StoreKey, ...rest: R) => T
    : VectorIndex[M];
};
