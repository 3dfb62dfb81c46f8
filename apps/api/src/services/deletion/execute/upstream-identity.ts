import type { ConnectionRow } from '@espejo/db';

/**
 * The base URL and key that a plan was read with. A 404 proves something gone only for the key that saw it there: a
 * deletion whose connection has changed since parks, as another project's "not found" proves nothing.
 */
export function upstreamIdentity(connection: ConnectionRow): string {
  // The sandbox listens on another port at every start; it is the same project all the same.
  const place = connection.kind === 'sandbox' ? 'sandbox' : connection.baseUrl;
  return [place, connection.apiKeyFingerprint, connection.organization, connection.project].join('|');
}
