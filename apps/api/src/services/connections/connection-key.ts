export const DEFAULT_CONCURRENCY = 8;

/** The row that a connection's encrypted key is bound to. */
export function keyContext(tenantId: string, connectionId: string): string {
  return `connection-key:${tenantId}:${connectionId}`;
}
