import type { Connection, CreateConnectionBody, TestConnectionBody, UpdateConnectionBody } from '@espejo/contracts';
import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

const IDLE_POLL_MS = 15_000;
const BUSY_POLL_MS = 3000;

export const connectionsQuery = queryOptions({
  queryKey: ['connections', 'list'],
  queryFn: async ({ signal }): Promise<Connection[]> => (await api('listConnections', { signal })).data,
  refetchInterval: (query) =>
    query.state.data?.some((connection) => connection.activeRunId !== null) ? BUSY_POLL_MS : IDLE_POLL_MS,
});

/** Checks a cron expression and returns its next runs; a malformed one is an ApiError `invalid_cron`. */
export const cronPreviewQuery = (expression: string) =>
  queryOptions({
    queryKey: ['cron-preview', expression],
    queryFn: ({ signal }) => api('previewCron', { query: { expression }, signal }),
    enabled: expression.trim() !== '',
    staleTime: 30_000,
  });

export function createConnection(body: CreateConnectionBody) {
  return api('createConnection', { body });
}

export function updateConnection(id: string, body: UpdateConnectionBody) {
  return api('updateConnection', { params: { id }, body });
}

export function deleteConnection(id: string) {
  return api('deleteConnection', { params: { id } });
}

export function testNewConnection(body: TestConnectionBody) {
  return api('testNewConnection', { body });
}

export function testSavedConnection(id: string) {
  return api('testConnection', { params: { id } });
}
