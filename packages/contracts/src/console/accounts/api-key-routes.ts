import { z } from 'zod';
import { IdParams } from '../common.ts';
import { route } from '../route.ts';
import { ApiKeyList, CreateApiKeyBody, CreatedApiKey, RotateApiKeyBody, WhoAmI } from './api-keys.ts';

/** Keys of this installation, and what the one that asks may do. */
export const API_KEY_ROUTES = {
  getWhoAmI: route({
    method: 'GET',
    path: '/api/who-am-i',
    summary: 'Say who asks and in which role',
    description: 'The actor, the role, and what the key is held to. Any key that is let in may ask.',
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
      'Names, roles, last use and end of every key; never the keys themselves, of which only hashes are kept.',
    errors: [],
    tag: 'Keys',
    action: 'own',
    status: 200,
    response: ApiKeyList,
  }),
  createApiKey: route({
    method: 'POST',
    path: '/api/api-keys',
    summary: 'Make an API key; it is shown this once',
    description:
      'The answer is the one place that has the key. It can be held to actions, to stores and to a time, and to no more than whoever makes it has.',
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
    summary: 'Make a key in place of this one, which goes on working for a while',
    description: 'The new key has the same role and holds; the old one works for `overlapHours` more.',
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
    description: 'The key is refused from its next request on.',
    errors: ['api_key_not_found'],
    tag: 'Keys',
    action: 'own',
    params: IdParams,
    status: 204,
    response: z.null(),
  }),
} as const;
