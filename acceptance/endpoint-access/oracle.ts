import { type Combination, type Endpoint, type HostCase, type Installation, PUBLIC_HOST } from './combinations.ts';

/** `in`: the request passes authentication; permissions are tested by other suites. */
export type Outcome = 'in' | 'unauthorized' | 'forbidden_origin';

/**
 * The rules of docs/security.md for one request, implemented a second time and independently, because the suite compares the
 * product with this.
 */
export function expectedOutcome(installation: Installation, endpoint: Endpoint, request: Combination): Outcome {
  const isChange = !['GET', 'HEAD', 'OPTIONS'].includes(endpoint.method);
  const { host, credential, forwarding } = request;
  const page = pageOf(installation, request);
  const hasBearer = credential.kind === 'wrong-bearer' || credential.kind === 'wrong-key' || credential.kind === 'key';

  if (endpoint.at === 'console') {
    if (!isAnsweredFor(host.kind, installation)) return 'forbidden_origin';
    // The X-Forwarded-Host of a trusted proxy is checked like Host.
    if (installation.trustedProxies > 0 && forwarding.forwardedHost !== undefined) {
      if (!isAnsweredFor(forwarding.forwardedHost.kind, installation)) return 'forbidden_origin';
    }
    if (page === 'foreign') return 'forbidden_origin';
    if (isChange && page === 'none' && !hasBearer) return 'forbidden_origin';
    if (endpoint.protocol === 'page') return 'in';
  }

  const isForeignChange = isChange && page === 'foreign';
  const hasKey = credential.kind === 'key' || (credential.kind === 'key-cookie' && endpoint.at === 'console');
  if (hasKey) return 'in';
  if (credential.kind === 'session' && installation.hasAccount) {
    return isChange && page !== 'own' ? 'forbidden_origin' : 'in';
  }
  if (!hasBearer && isForeignChange) return 'forbidden_origin';
  if (endpoint.isOpen) return 'in';

  const isProtected = installation.hasAccount || installation.hasApiKey;
  // Clients of /v1 always send some key. Where none is needed, any is accepted except one with Espejo's prefix.
  const isKeyIgnored = endpoint.protocol === 'v1' && credential.kind === 'wrong-bearer' && !isProtected;
  if (hasBearer && !isKeyIgnored) return 'unauthorized';
  if (isProtected) return 'unauthorized';
  return isOfThisMachine(installation, endpoint, request) ? 'in' : 'forbidden_origin';
}

/** Whether the request is of this machine. The connection always is, because the suite runs on it. */
function isOfThisMachine(installation: Installation, endpoint: Endpoint, request: Combination): boolean {
  const { host, forwarding } = request;
  if (installation.publicHost !== null || installation.trustedProxies > 0) return false;
  const isMarkedWrongly = forwarding.isConsoleMark && endpoint.at === 'api';
  return (
    host.kind === 'loopback' &&
    pageOf(installation, request) !== 'foreign' &&
    !forwarding.namesOthers &&
    !isMarkedWrongly
  );
}

/** Whether a page of this Espejo sent it: one of the requested host, or of the public name. */
function pageOf(installation: Installation, { host, origin, forwarding }: Combination): 'none' | 'own' | 'foreign' {
  if (origin.origin === null) return 'none';
  const { publicHost, trustedProxies } = installation;
  const asked = trustedProxies > 0 ? (forwarding.forwardedHost ?? host) : host;
  const isPublic = publicHost !== null && asked.kind === 'public';
  const own = `${isPublic ? 'https' : 'http'}://${asked.text.toLowerCase()}`;
  return origin.origin === own || (publicHost !== null && origin.origin === `https://${PUBLIC_HOST}`)
    ? 'own'
    : 'foreign';
}

function isAnsweredFor(kind: HostCase['kind'], { publicHost }: Installation): boolean {
  return kind === 'loopback' || (kind === 'public' && publicHost !== null);
}
