import type { Action } from '../console/accounts/api-keys.ts';
import { LIMITS } from '../limits.ts';

export interface WireContract {
  /** The required permission of the caller. */
  readonly action: Action;
  /** A list of stores: a key that is limited to some gets only those. */
  readonly isNarrowed?: true;
  /** A larger JSON body than others may have. */
  readonly bodyBytesMax?: number;
  /** It adds data, so it is rejected when only the reserve of the disk is left. */
  readonly isGrowing?: true;
}

const READ = { action: 'read' } as const;
const SEARCH = { action: 'search' } as const;
const WRITE = { action: 'write' } as const;
const ADD = { action: 'write', isGrowing: true } as const;
const DELETE = { action: 'delete' } as const;

/** Every supported endpoint of OpenAI's API, by the path after `/v1` and the method. */
export const WIRE_ROUTES = {
  '/vector_stores': { GET: { action: 'read', isNarrowed: true }, POST: ADD },
  '/vector_stores/:storeId': { GET: READ, POST: WRITE, DELETE },
  '/vector_stores/:storeId/search': { POST: SEARCH },
  '/vector_stores/:storeId/files': { GET: READ, POST: ADD },
  '/vector_stores/:storeId/files/:fileId': { GET: READ, POST: WRITE, DELETE: WRITE },
  '/vector_stores/:storeId/files/:fileId/content': { GET: READ },
  '/vector_stores/:storeId/file_batches': { POST: { ...ADD, bodyBytesMax: LIMITS.batchBodyBytesMax } },
  '/vector_stores/:storeId/file_batches/:batchId': { GET: READ },
  '/vector_stores/:storeId/file_batches/:batchId/cancel': { POST: WRITE },
  '/vector_stores/:storeId/file_batches/:batchId/files': { GET: READ },
  '/files': { GET: READ, POST: ADD },
  '/files/:fileId': { GET: READ, DELETE },
  '/files/:fileId/content': { GET: READ },
  '/uploads': { POST: ADD },
  '/uploads/:uploadId/parts': { POST: ADD },
  '/uploads/:uploadId/complete': { POST: ADD },
  '/uploads/:uploadId/cancel': { POST: WRITE },
  '/models': { GET: READ },
  '/models/:model': { GET: READ },
  '/embeddings': { POST: { action: 'search', bodyBytesMax: LIMITS.embeddingsBodyBytesMax } },
} as const satisfies Readonly<Record<string, Readonly<Partial<Record<'GET' | 'POST' | 'DELETE', WireContract>>>>>;

export type WireRoutes = typeof WIRE_ROUTES;
