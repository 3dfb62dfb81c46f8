import type { StartSyncRunBody, SyncChange, SyncRunStatus } from '@espejo/contracts';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import { keysetPaging } from './pages.ts';

export interface RunListView {
  readonly connectionId?: string | undefined;
  readonly status?: SyncRunStatus | undefined;
}

export const syncRunsQuery = (view: RunListView) =>
  infiniteQueryOptions({
    queryKey: ['sync-runs', 'list', view],
    queryFn: ({ pageParam, signal }) =>
      api('listSyncRuns', { query: { ...view, limit: 50, cursor: pageParam }, signal }),
    ...keysetPaging,
    placeholderData: keepPreviousData,
  });

/** One run. Its events update it while it runs; the slow poll covers a broken event stream. */
export const syncRunQuery = (id: string) =>
  queryOptions({
    queryKey: ['sync-runs', 'one', id],
    queryFn: ({ signal }) => api('getSyncRun', { params: { id }, signal }),
    refetchInterval: (query) => (query.state.data?.status === 'running' ? 5000 : false),
  });

export type ChangeAction = SyncChange['action'];

export const runChangesQuery = (id: string, action: ChangeAction | undefined) =>
  infiniteQueryOptions({
    queryKey: ['sync-runs', 'changes', id, action ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      api('listSyncRunChanges', { params: { id }, query: { action, limit: 100, cursor: pageParam }, signal }),
    ...keysetPaging,
    placeholderData: keepPreviousData,
  });

export function startSyncRun(body: StartSyncRunBody) {
  return api('startSyncRun', { body });
}

export function cancelSyncRun(id: string) {
  return api('cancelSyncRun', { params: { id } });
}

export function approveSyncRun(id: string, planHash: string) {
  return api('approveSyncRun', { params: { id }, body: { planHash } });
}
