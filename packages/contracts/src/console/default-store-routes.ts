import { DefaultStore, PutDefaultStoreBody } from './default-store.ts';
import { route } from './route.ts';
import { VectorStoreDetail } from './vector-stores.ts';

/** The primary store that is meant where none is named. */
export const DEFAULT_STORE_ROUTES = {
  getDefaultStore: route({
    method: 'GET',
    path: '/api/default-store',
    summary: 'Which store is the default, if one is',
    tag: 'Vector stores',
    action: 'read',
    status: 200,
    response: DefaultStore,
  }),
  ensureDefaultStore: route({
    method: 'POST',
    path: '/api/default-store',
    summary: 'Get the default store, made now when there is none',
    tag: 'Vector stores',
    action: 'write',
    status: 200,
    response: VectorStoreDetail,
  }),
  putDefaultStore: route({
    method: 'PUT',
    path: '/api/default-store',
    summary: 'Make a primary store the default',
    tag: 'Vector stores',
    action: 'write',
    body: PutDefaultStoreBody,
    status: 200,
    response: DefaultStore,
  }),
} as const;
