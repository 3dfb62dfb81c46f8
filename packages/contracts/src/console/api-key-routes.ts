import { z } from 'zod';
import { ApiKeyList, CreateApiKeyBody, CreatedApiKey, RotateApiKeyBody, WhoAmI } from './api-keys.ts';
import { IdParams } from './common.ts';
import { route } from './route.ts';

/** Keys of this installation, and what the one that asks may do. */
export const API_KEY_ROUTES = {
  getWhoAmI: route({
    method: 'GET',
    path: '/api/who-am-i',
    summary: 'Say who asks and in which role',
    tag: 'Keys',
    action: 'any',
    status: 200,
    response: WhoAmI,
  }),
  listApiKeys: route({
    method: 'GET',
    path: '/api/api-keys',
    summary: 'List the API keys of this installation',
    tag: 'Keys',
    action: 'own',
    status: 200,
    response: ApiKeyList,
  }),
  createApiKey: route({
    method: 'POST',
    path: '/api/api-keys',
    summary: 'Make an API key; it is shown this once',
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
    tag: 'Keys',
    action: 'own',
    params: IdParams,
    status: 204,
    response: z.null(),
  }),
} as const;
