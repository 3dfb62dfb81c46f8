export const DEFAULT_CONCURRENCY = 8;

/** What a connection's sealed key is bound to. */
export function keyContext(tenantId: string, connectionId: string): string {
  return `connection-key:${tenantId}:${connectionId}`;
}
