import type { PutAgentBody } from '@espejo/contracts';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import { keysetPaging } from './pages.ts';

/** Agents whose key contains the text, page by page. */
export const agentsQuery = (q: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['agents', 'list', q],
    queryFn: ({ pageParam, signal }) => api('listAgents', { query: { q, limit: 100, cursor: pageParam }, signal }),
    ...keysetPaging,
    placeholderData: keepPreviousData,
  });

export const agentQuery = (key: string) =>
  queryOptions({
    queryKey: ['agents', 'one', key],
    queryFn: ({ signal }) => api('getAgent', { params: { key }, signal }),
    refetchInterval: 30_000,
  });

export function putAgent(key: string, bindings: PutAgentBody['bindings']) {
  return api('putAgent', { params: { key }, body: { bindings } });
}

export function deleteAgent(key: string) {
  return api('deleteAgent', { params: { key } });
}
