import type { LookupFunction } from 'node:net';

/** The outgoing HTTP of this process. Redirects are not followed: they are returned as responses. */
export interface Outgoing {
  /** For addresses that the operator configures: embeddings, the issuer of sign-ins, their own connections. */
  readonly operatorFetch: typeof fetch;
  /** For the connections of a tenant: one that is not the operators' connects to public addresses only. */
  fetchOf(tenantId: string): typeof fetch;
  /** Whether a tenant sees how a request failed on the network. */
  isNetworkTold(tenantId: string): boolean;
  /** Closes its connections, and aborts the requests on them. */
  close(): Promise<void>;
}

/** The one HTTP client of this process. */
export function createOutgoing(options: {
  readonly operatorTenantId: string;
  /** Other tenants may connect to every address too. */
  readonly isPrivateAllowed: boolean;
  /** Default: the system's. */
  readonly lookup?: LookupFunction;
}): Outgoing {
  let agent: ReturnType<typeof openAgent> | undefined;
  /** Loaded on first use: most installations have one tenant, and undici is 30 MB in memory. */
  async function openAgent() {
    const { createGuardedAgent } = await import('./guarded-agent.ts');
    return createGuardedAgent(options.lookup);
  }

  const operatorFetch: typeof fetch = (url, init) => fetch(url, { ...init, redirect: 'manual' });
  const guardedFetch: typeof fetch = async (url, init) => {
    agent ??= openAgent();
    // The same undici as Node's built-in one, whose types do not include it.
    const dispatcher = (await agent) as unknown as NonNullable<RequestInit['dispatcher']>;
    return fetch(url, { ...init, redirect: 'manual', dispatcher });
  };
  const isTrusted = (tenantId: string) => options.isPrivateAllowed || tenantId === options.operatorTenantId;
  return {
    operatorFetch,
    fetchOf: (tenantId) => (isTrusted(tenantId) ? operatorFetch : guardedFetch),
    isNetworkTold: isTrusted,
    async close() {
      await (await agent)?.destroy();
    },
  };
}
