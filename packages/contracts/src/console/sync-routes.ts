import { IdParams } from './common.ts';
import { route } from './route.ts';
import {
  ApproveSyncRunBody,
  ListSyncChangesQuery,
  ListSyncRunsQuery,
  StartSyncRunBody,
  SyncChangePage,
  SyncRun,
  SyncRunAccepted,
  SyncRunPage,
} from './sync-runs.ts';

/** Syncs: started, followed, approved. */
export const SYNC_ROUTES = {
  startSyncRun: route({
    method: 'POST',
    path: '/api/sync-runs',
    summary: 'Start a sync, a dry run or a full check',
    tag: 'Sync',
    body: StartSyncRunBody,
    status: 202,
    response: SyncRunAccepted,
  }),
  listSyncRuns: route({
    method: 'GET',
    path: '/api/sync-runs',
    summary: 'List sync runs, newest first',
    tag: 'Sync',
    query: ListSyncRunsQuery,
    status: 200,
    response: SyncRunPage,
  }),
  getSyncRun: route({
    method: 'GET',
    path: '/api/sync-runs/:id',
    summary: 'Get a sync run',
    tag: 'Sync',
    params: IdParams,
    status: 200,
    response: SyncRun,
  }),
  listSyncRunChanges: route({
    method: 'GET',
    path: '/api/sync-runs/:id/changes',
    summary: 'Per-store outcome of a run, or the diff of a dry run',
    tag: 'Sync',
    params: IdParams,
    query: ListSyncChangesQuery,
    status: 200,
    response: SyncChangePage,
  }),
  approveSyncRun: route({
    method: 'POST',
    path: '/api/sync-runs/:id/approve',
    summary: 'Approve exactly the plan with this hash',
    tag: 'Sync',
    role: 'admin',
    params: IdParams,
    body: ApproveSyncRunBody,
    status: 202,
    response: SyncRunAccepted,
  }),
  cancelSyncRun: route({
    method: 'POST',
    path: '/api/sync-runs/:id/cancel',
    summary: 'Stop a running sync after the requests in flight',
    tag: 'Sync',
    params: IdParams,
    status: 200,
    response: SyncRun,
  }),
} as const;
