import { route } from '../route.ts';
import { DefaultStore, PutDefaultStoreBody } from './default-store.ts';
import { VectorStoreDetail } from './vector-stores.ts';

/** The primary store that is used when none is named. */
export const DEFAULT_STORE_ROUTES = {
  getDefaultStore: route({
    method: 'GET',
    path: '/api/default-store',
    summary: 'Get the default store, if there is one',
    description: 'Null when no store is the default. The default store is used when none is named.',
    errors: [],
    tag: 'Vector stores',
    action: 'read',
    status: 200,
    response: DefaultStore,
  }),
  ensureDefaultStore: route({
    method: 'POST',
    path: '/api/default-store',
    summary: 'Get the default store, created when there is none',
    description: 'Returns the default store, and creates it first if there is none.',
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
    description: 'It must be a live primary store: no mirror, not expired and not in the trash.',
    errors: ['vector_store_not_found', 'vector_store_read_only', 'vector_store_expired', 'vector_store_trashed'],
    tag: 'Vector stores',
    action: 'write',
    body: PutDefaultStoreBody,
    status: 200,
    response: DefaultStore,
  }),
} as const;
