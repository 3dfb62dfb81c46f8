import type { TenantFixture } from './tenant-fixture.ts';

/**
 * Bodies for operations where a body can contain an id of another tenant, or where an empty one is rejected before any
 * lookup; by operation of `/api`, and by method and path of `/v1`. All others get `{}`.
 */
export const BODIES: Readonly<Record<string, (ids: TenantFixture) => unknown>> = {
  attachFile: (ids) => ({ fileId: ids.files }),
  updateVectorStore: () => ({ name: 'Mine now' }),
  updateFileAttributes: () => ({ attributes: { mine: true } }),
  retryIngestion: (ids) => ({ fileIds: [ids.files] }),
  searchVectorStore: () => ({ queries: ['words'] }),
  extendVectorStores: (ids) => ({ storeIds: [ids['vector-stores'], ids.mirror], days: 3 }),
  planDeletion: (ids) => ({ storeIds: [ids['vector-stores'], ids.mirror], fileIds: [ids.files], files: 'delete' }),
  startDeletion: (ids) => ({ planHash: ids.planHash }),
  startSyncRun: (ids) => ({ connectionId: ids.connections }),
  approveSyncRun: () => ({ planHash: 'a'.repeat(64) }),
  startTransfer: (ids) => ({ kind: 'publish', storeId: ids['vector-stores'], connectionId: ids.connections }),
  compareStores: (ids) => ({
    leftStoreId: ids['vector-stores'],
    rightStoreId: ids.mirror,
    queries: ['words'],
    depth: 5,
  }),
  updateConnection: () => ({ name: 'Mine now' }),
  putAgent: (ids) => ({ bindings: [{ vectorStoreId: ids['vector-stores'] }] }),
  putTenantPlan: () => ({ planId: 'unlimited' }),
  updateMember: () => ({ role: 'owner' }),
  putStoreGrant: () => ({ role: 'editor' }),
  switchTenant: (ids) => ({ tenantId: ids.tenants }),
  createApiKey: (ids) => ({ name: 'mine', role: 'viewer', storeIds: [ids['vector-stores']] }),
  'POST /vector_stores': (ids) => ({ name: 'Mine', file_ids: [ids.files] }),
  'POST /vector_stores/:storeId': () => ({ name: 'Mine now' }),
  'POST /vector_stores/:storeId/search': () => ({ query: 'words' }),
  'POST /vector_stores/:storeId/files': (ids) => ({ file_id: ids.files }),
  'POST /vector_stores/:storeId/files/:fileId': () => ({ attributes: { mine: true } }),
  'POST /vector_stores/:storeId/file_batches': (ids) => ({ file_ids: [ids.files] }),
  'POST /uploads/:uploadId/complete': () => ({ part_ids: ['part_x'] }),
};

/** Queries of lists that can be filtered by an id of another tenant. */
export const QUERIES: Readonly<Record<string, (ids: TenantFixture) => Readonly<Record<string, string>>>> = {
  listVectorStores: (ids) => ({ connectionId: ids.connections ?? '' }),
  listFiles: (ids) => ({ connectionId: ids.connections ?? '' }),
  listSyncRuns: (ids) => ({ connectionId: ids.connections ?? '' }),
  listParityRuns: (ids) => ({ leftStoreId: ids['vector-stores'] ?? '', rightStoreId: ids.mirror ?? '' }),
  previewTransfer: (ids) => ({ kind: 'publish', connectionId: ids.connections ?? '' }),
  listAuditEvents: (ids) => ({ q: ids['vector-stores'] ?? '' }),
  uploadToVectorStore: () => ({ filename: 'mine.txt' }),
  previewCron: () => ({ expression: '* * * * *' }),
  'GET /vector_stores': (ids) => ({ after: ids['vector-stores'] ?? '' }),
  'GET /files': (ids) => ({ after: ids.files ?? '' }),
};

/** Endpoints that take a form, and its file field. */
export const FORMS: Readonly<Record<string, string>> = {
  'POST /files': 'file',
  'POST /uploads/:uploadId/parts': 'data',
};
