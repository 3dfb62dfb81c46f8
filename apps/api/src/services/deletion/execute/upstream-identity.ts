import type { ConnectionRow } from '@espejo/db';

/**
 * Which place and key a plan was read with. A 404 proves something gone only to the key that saw it there: a deletion
 * whose connection has changed since parks instead of taking a stranger's "not found" for success.
 */
export function upstreamIdentity(connection: ConnectionRow): string {
  // The sandbox listens on another port at every start; it is the same one all the same.
  const place = connection.kind === 'sandbox' ? 'sandbox' : connection.baseUrl;
  return [place, connection.apiKeyFingerprint, connection.organization, connection.project].join('|');
}
