import type { LookupFunction } from 'node:net';

/** How this process asks other servers. Redirects are not followed: they come back as the answer they are. */
export interface Outgoing {
  /** For addresses that the operator names: embeddings, the issuer of sign-ins, their own connections. */
  readonly operatorFetch: typeof fetch;
  /** For the connections of a tenant: one that is not the operator's reaches public addresses only. */
  fetchOf(tenantId: string): typeof fetch;
  /** Whether a tenant is told how a request failed on the network. */
  isNetworkTold(tenantId: string): boolean;
  /** Ends the connections it keeps, with whatever is still asked over them. */
  close(): Promise<void>;
}

/** The one HTTP client of this process. */
export function createOutgoing(options: {
  readonly operatorTenantId: string;
  /** Other tenants may reach every address too. */
  readonly isPrivateAllowed: boolean;
  /** Default the system's. */
  readonly lookup?: LookupFunction;
}): Outgoing {
  let agent: ReturnType<typeof openAgent> | undefined;
  /** Loaded when it is first needed: most installations have one tenant, and undici is 30 MB in memory. */
  async function openAgent() {
    const { createGuardedAgent } = await import('./guarded-agent.ts');
    return createGuardedAgent(options.lookup);
  }

  const operatorFetch: typeof fetch = (url, init) => fetch(url, { ...init, redirect: 'manual' });
  const guardedFetch: typeof fetch = async (url, init) => {
    agent ??= openAgent();
    // An agent of the same undici as the one that Node has inside, which its types do not know.
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
