import type { CreateApiKeyBody } from '@espejo/contracts';
import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal }) => api('listApiKeys', { signal }),
  retry: false,
});

export function createApiKey(body: CreateApiKeyBody) {
  return api('createApiKey', { body });
}

export function rotateApiKey(id: string) {
  return api('rotateApiKey', { params: { id }, body: {} });
}

export function revokeApiKey(id: string) {
  return api('revokeApiKey', { params: { id } });
}
