import type { VectorIndex } from '@espejo/retrieval';

declare const KEY: unique symbol;

/**
 * A store id with its tenant. An id alone is not unique: another tenant's upstream may list the same id. Whatever is
 * stored outside the database by store uses this key.
 */
export type StoreKey = string & { readonly [KEY]: true };

/** Neither id contains a slash, so keys are unique. In the index folder it is the path of the store. */
export function storeKey(tenantId: string, storeId: string): StoreKey {
  return `${tenantId}/${storeId}` as StoreKey;
}

/** An index as services see it: its methods take a key, so a call with an id alone does not compile. */
export type StoreIndex = {
  readonly [M in keyof VectorIndex]: VectorIndex[M] extends (storeId: string, ...rest: infer R) => infer T
    ? (key: StoreKey, ...rest: R) => T
    : VectorIndex[M];
};
