import { z } from 'zod';
import { IdParams, PageQuery } from './common.ts';
import {
  Connection,
  ConnectionList,
  ConnectionTestResult,
  CreateConnectionBody,
  CronPreview,
  CronPreviewQuery,
  TestConnectionBody,
  UpdateConnectionBody,
} from './connections.ts';
import {
  Deletion,
  DeletionAccepted,
  DeletionPage,
  DeletionPlan,
  DeletionStepPage,
  ListDeletionStepsQuery,
  ListDeletionsQuery,
  PlanDeletionBody,
  StartDeletionBody,
} from './deletions.ts';
import { FileDetail, FilePage, ListFilesQuery } from './files.ts';
import { Status } from './status.ts';
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
import {
  ListStoreFilesQuery,
  ListVectorStoresQuery,
  StoreFilePage,
  StoreHistoryPage,
  UpdateVectorStoreBody,
  VectorStoreDetail,
  VectorStoreFacets,
  VectorStoreFilter,
  VectorStorePage,
} from './vector-stores.ts';

export interface RouteContract {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly tag: 'Vector stores' | 'Files' | 'Sync' | 'Connections' | 'Deletions' | 'System';
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly status: 200 | 201 | 202 | 204;
  readonly response: z.ZodType;
}

const route = <const T extends RouteContract>(contract: T): T => contract;

/** The console API. The server registers its handlers from this table, the client is typed by it, OpenAPI is made from it. */
export const CONSOLE_ROUTES = {
  getStatus: route({
    method: 'GET',
    path: '/api/status',
    summary: 'What the console frame shows',
    tag: 'System',
    status: 200,
    response: Status,
  }),

  listVectorStores: route({
    method: 'GET',
    path: '/api/vector-stores',
    summary: 'List vector stores',
    tag: 'Vector stores',
    query: ListVectorStoresQuery,
    status: 200,
    response: VectorStorePage,
  }),
  getVectorStoreFacets: route({
    method: 'GET',
    path: '/api/vector-stores/facets',
    summary: 'Count stores by facet',
    tag: 'Vector stores',
    query: VectorStoreFilter,
    status: 200,
    response: VectorStoreFacets,
  }),
  getVectorStore: route({
    method: 'GET',
    path: '/api/vector-stores/:id',
    summary: 'Get a vector store',
    tag: 'Vector stores',
    params: IdParams,
    status: 200,
    response: VectorStoreDetail,
  }),
  updateVectorStore: route({
    method: 'PATCH',
    path: '/api/vector-stores/:id',
    summary: 'Edit a primary store; a mirror answers 403 vector_store_read_only',
    tag: 'Vector stores',
    params: IdParams,
    body: UpdateVectorStoreBody,
    status: 200,
    response: VectorStoreDetail,
  }),
  listVectorStoreFiles: route({
    method: 'GET',
    path: '/api/vector-stores/:id/files',
    summary: 'List the files of a store',
    tag: 'Vector stores',
    params: IdParams,
    query: ListStoreFilesQuery,
    status: 200,
    response: StoreFilePage,
  }),
  listVectorStoreHistory: route({
    method: 'GET',
    path: '/api/vector-stores/:id/history',
    summary: 'What each sync run found different',
    tag: 'Vector stores',
    params: IdParams,
    query: PageQuery,
    status: 200,
    response: StoreHistoryPage,
  }),

  listFiles: route({
    method: 'GET',
    path: '/api/files',
    summary: 'List files, where they are attached, and orphans',
    tag: 'Files',
    query: ListFilesQuery,
    status: 200,
    response: FilePage,
  }),
  getFile: route({
    method: 'GET',
    path: '/api/files/:id',
    summary: 'Get a file with every store that holds it',
    tag: 'Files',
    params: IdParams,
    status: 200,
    response: FileDetail,
  }),

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

  listConnections: route({
    method: 'GET',
    path: '/api/connections',
    summary: 'List connections',
    tag: 'Connections',
    status: 200,
    response: ConnectionList,
  }),
  createConnection: route({
    method: 'POST',
    path: '/api/connections',
    summary: 'Connect an OpenAI project',
    tag: 'Connections',
    body: CreateConnectionBody,
    status: 201,
    response: Connection,
  }),
  testNewConnection: route({
    method: 'POST',
    path: '/api/connections/test',
    summary: 'Try a URL and key before saving them',
    tag: 'Connections',
    body: TestConnectionBody,
    status: 200,
    response: ConnectionTestResult,
  }),
  getConnection: route({
    method: 'GET',
    path: '/api/connections/:id',
    summary: 'Get a connection',
    tag: 'Connections',
    params: IdParams,
    status: 200,
    response: Connection,
  }),
  updateConnection: route({
    method: 'PATCH',
    path: '/api/connections/:id',
    summary: 'Edit a connection and its schedule',
    tag: 'Connections',
    params: IdParams,
    body: UpdateConnectionBody,
    status: 200,
    response: Connection,
  }),
  deleteConnection: route({
    method: 'DELETE',
    path: '/api/connections/:id',
    summary: 'Forget a connection and its mirrored rows; upstream is not touched',
    tag: 'Connections',
    params: IdParams,
    status: 204,
    response: z.null(),
  }),
  testConnection: route({
    method: 'POST',
    path: '/api/connections/:id/test',
    summary: 'Test a saved connection',
    tag: 'Connections',
    params: IdParams,
    status: 200,
    response: ConnectionTestResult,
  }),
  previewCron: route({
    method: 'GET',
    path: '/api/cron-preview',
    summary: 'Check a cron expression and show its next ticks',
    tag: 'Connections',
    query: CronPreviewQuery,
    status: 200,
    response: CronPreview,
  }),
} as const;

export type ConsoleRoutes = typeof CONSOLE_ROUTES;
export type ConsoleOperation = keyof ConsoleRoutes;
