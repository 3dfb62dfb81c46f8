import { route } from '../route.ts';
import { DefaultStore, PutDefaultStoreBody } from './default-store.ts';
import { VectorStoreDetail } from './vector-stores.ts';

/** The primary store that is meant where none is named. */
export const DEFAULT_STORE_ROUTES = {
  getDefaultStore: route({
    method: 'GET',
    path: '/api/default-store',
    summary: 'Which store is the default, if one is',
    description: 'Null when no store is the default. The default is the store that is meant where none is named.',
    errors: [],
    tag: 'Vector stores',
    action: 'read',
    status: 200,
    response: DefaultStore,
  }),
  ensureDefaultStore: route({
    method: 'POST',
    path: '/api/default-store',
    summary: 'Get the default store, made now when there is none',
    description: 'Answers the default store, and makes one first when there is none.',
    errors: ['limit_exceeded', 'quota_exceeded', 'duplicate_name', 'embeddings_unavailable', 'disk_full'],
    tag: 'Vector stores',
    action: 'write',
    status: 200,
    response: VectorStoreDetail,
  }),
  putDefaultStore: route({
    method: 'PUT',
    path: '/api/default-store',
    summary: 'Make a primary store the default',
    description: 'The store must be a primary one that is served: no mirror, not expired and not in the trash.',
    errors: ['vector_store_not_found', 'vector_store_read_only', 'vector_store_expired', 'vector_store_trashed'],
    tag: 'Vector stores',
    action: 'write',
    body: PutDefaultStoreBody,
    status: 200,
    response: DefaultStore,
  }),
} as const;
