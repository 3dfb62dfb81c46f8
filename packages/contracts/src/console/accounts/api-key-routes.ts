import { z } from 'zod';
import { IdParams } from '../common.ts';
import { route } from '../route.ts';
import { ApiKeyList, CreateApiKeyBody, CreatedApiKey, RotateApiKeyBody, WhoAmI } from './api-keys.ts';

/** API keys of this installation, and the permissions of the caller. */
export const API_KEY_ROUTES = {
  getWhoAmI: route({
    method: 'GET',
    path: '/api/who-am-i',
    summary: 'Get the caller and its role',
    description: 'The actor, the role, and the scopes of the key. Any valid key may call it.',
    errors: [],
    tag: 'Keys',
    action: 'any',
    status: 200,
    response: WhoAmI,
  }),
  listApiKeys: route({
    method: 'GET',
    path: '/api/api-keys',
    summary: 'List the API keys of this installation',
    description:
      'Names, roles, last use and expiry of every key; never the keys themselves, of which only hashes are stored.',
    errors: [],
    tag: 'Keys',
    action: 'own',
    status: 200,
    response: ApiKeyList,
  }),
  createApiKey: route({
    method: 'POST',
    path: '/api/api-keys',
    summary: 'Create an API key; it is shown only this once',
    description:
      'Only this response has the key. A key can be limited to actions, to stores and to a time, and never has more rights than its maker.',
    errors: ['vector_store_not_found'],
    tag: 'Keys',
    action: 'own',
    body: CreateApiKeyBody,
    status: 201,
    response: CreatedApiKey,
  }),
  rotateApiKey: route({
    method: 'POST',
    path: '/api/api-keys/:id/rotate',
    summary: 'Replace a key by a new one; the old one works for a while',
    description: 'The new key has the same role and scopes; the old one works for `overlapHours` more.',
    errors: ['api_key_not_found', 'vector_store_not_found'],
    tag: 'Keys',
    action: 'own',
    params: IdParams,
    body: RotateApiKeyBody,
    status: 201,
    response: CreatedApiKey,
  }),
  revokeApiKey: route({
    method: 'DELETE',
    path: '/api/api-keys/:id',
    summary: 'Revoke an API key at once',
    description: 'The next request with the key is rejected.',
    errors: ['api_key_not_found'],
    tag: 'Keys',
    action: 'own',
    params: IdParams,
    status: 204,
    response: z.null(),
  }),
} as const;
