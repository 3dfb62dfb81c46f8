import { ACCOUNT_ROUTES } from './accounts/account-routes.ts';
import { API_KEY_ROUTES } from './accounts/api-key-routes.ts';
import { PEOPLE_ROUTES } from './accounts/people-routes.ts';
import { AGENT_ROUTES } from './agents/agent-routes.ts';
import { DELETION_ROUTES } from './deletions/deletion-routes.ts';
import { FILE_ROUTES } from './files/file-routes.ts';
import { QUOTA_ROUTES } from './quotas/quota-routes.ts';
import { CONNECTION_ROUTES } from './sync/connection-routes.ts';
import { SYNC_ROUTES } from './sync/sync-routes.ts';
import { SYSTEM_ROUTES } from './system-routes.ts';
import { TRANSFER_ROUTES } from './transfers/transfer-routes.ts';
import { DEFAULT_STORE_ROUTES } from './vector-stores/default-store-routes.ts';
import { STORE_CONTENT_ROUTES } from './vector-stores/store-content-routes.ts';
import { VECTOR_STORE_ROUTES } from './vector-stores/vector-store-routes.ts';

/**
 * The console API. The server registers its handlers from this table, the client gets its types from it, and the
 * OpenAPI document is generated from it.
 */
export const CONSOLE_ROUTES = {
  ...SYSTEM_ROUTES,
  ...VECTOR_STORE_ROUTES,
  ...STORE_CONTENT_ROUTES,
  ...DEFAULT_STORE_ROUTES,
  ...FILE_ROUTES,
  ...TRANSFER_ROUTES,
  ...AGENT_ROUTES,
  ...API_KEY_ROUTES,
  ...QUOTA_ROUTES,
  ...ACCOUNT_ROUTES,
  ...PEOPLE_ROUTES,
  ...DELETION_ROUTES,
  ...SYNC_ROUTES,
  ...CONNECTION_ROUTES,
} as const;

export type ConsoleRoutes = typeof CONSOLE_ROUTES;
export type ConsoleOperation = keyof ConsoleRoutes;
