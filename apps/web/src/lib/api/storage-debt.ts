import type { Settings } from '@espejo/contracts';
import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

export const storageDebtQuery = queryOptions({
  queryKey: ['storage-debt'],
  queryFn: ({ signal }) => api('getStorageDebt', { signal }),
  refetchInterval: 60_000,
});

export function updateSettings(change: Partial<Settings>) {
  return api('updateSettings', { body: change });
}
