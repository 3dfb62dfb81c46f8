import type { Settings } from '@espejo/contracts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** The debt of one connection, or of all. Keeps the previous report on screen while another loads. */
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
