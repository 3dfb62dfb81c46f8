import type { Settings } from '@espejo/contracts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** The debt of every connection, or of one. What is on screen stays while another view is read. */
export const storageDebtQuery = (connectionId: string | null) =>
  queryOptions({
    queryKey: ['storage-debt', connectionId],
    queryFn: ({ signal }) => api('getStorageDebt', { query: { connectionId: connectionId ?? undefined }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });

export function updateSettings(change: Partial<Settings>) {
  return api('updateSettings', { body: change });
}
