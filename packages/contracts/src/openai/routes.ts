import type { Action } from '../console/api-keys.ts';

export interface WireContract {
  /** What it takes of whoever calls it. */
  readonly action: Action;
  /** A list of stores: a key that is held to some is shown those. */
  readonly isNarrowed?: true;
}

const READ = { action: 'read' } as const;
const SEARCH = { action: 'search' } as const;
const WRITE = { action: 'write' } as const;
const DELETE = { action: 'delete' } as const;

/** Every endpoint of OpenAI's that is served, by the path behind `/v1` and the method. */
export const WIRE_ROUTES = {
  '/vector_stores': { GET: { action: 'read', isNarrowed: true }, POST: WRITE },
  '/vector_stores/:storeId': { GET: READ, POST: WRITE, DELETE },
  '/vector_stores/:storeId/search': { POST: SEARCH },
  '/vector_stores/:storeId/files': { GET: READ, POST: WRITE },
  '/vector_stores/:storeId/files/:fileId': { GET: READ, POST: WRITE, DELETE: WRITE },
  '/vector_stores/:storeId/files/:fileId/content': { GET: READ },
  '/vector_stores/:storeId/file_batches': { POST: WRITE },
  '/vector_stores/:storeId/file_batches/:batchId': { GET: READ },
  '/vector_stores/:storeId/file_batches/:batchId/cancel': { POST: WRITE },
  '/vector_stores/:storeId/file_batches/:batchId/files': { GET: READ },
  '/files': { GET: READ, POST: WRITE },
  '/files/:fileId': { GET: READ, DELETE },
  '/files/:fileId/content': { GET: READ },
  '/uploads': { POST: WRITE },
  '/uploads/:uploadId/parts': { POST: WRITE },
  '/uploads/:uploadId/complete': { POST: WRITE },
  '/uploads/:uploadId/cancel': { POST: WRITE },
  '/embeddings': { POST: SEARCH },
} as const satisfies Readonly<Record<string, Readonly<Partial<Record<'GET' | 'POST' | 'DELETE', WireContract>>>>>;

export type WireRoutes = typeof WIRE_ROUTES;
