export interface RequestFacts {
  readonly method: string;
  readonly host: string | null;
  readonly origin: string | null;
  readonly secFetchSite: string | null;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether the console may lend this request its own credentials. Null when it may, else the reason why not.
 *
 * Two attacks end here. DNS rebinding: a foreign name that resolves to this machine arrives with a foreign Host.
 * Cross-site requests: a page elsewhere makes the browser send a write; browsers name its origin, and a write that
 * names none did not come from the console's pages.
 */
export function refuseOrigin(facts: RequestFacts, publicHost: string | undefined): string | null {
  if (facts.host === null || !isOwnHost(facts.host, publicHost)) {
    return `The console does not answer for the host '${facts.host ?? ''}'. Open it at localhost, or set ESPEJO_PUBLIC_HOST to the name it is reached by.`;
  }
  if (SAFE_METHODS.has(facts.method)) return null;
  if (facts.secFetchSite !== null && facts.secFetchSite !== 'same-origin') return FOREIGN_WRITE;
  if (facts.origin !== null && hostOf(facts.origin) !== facts.host.toLowerCase()) return FOREIGN_WRITE;
  if (facts.secFetchSite === null && facts.origin === null) return FOREIGN_WRITE;
  return null;
}

const FOREIGN_WRITE =
  'This write did not come from a page of the console. Send it from the console, or with an API key of your own: Authorization: Bearer <key>.';

function isOwnHost(host: string, publicHost: string | undefined): boolean {
  const name = host.toLowerCase();
  if (publicHost !== undefined && name === publicHost.toLowerCase()) return true;
  return LOOPBACK.has(name.replace(/:\d+$/, ''));
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}
