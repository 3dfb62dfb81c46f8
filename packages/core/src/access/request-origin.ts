import { type ForwardingHeaders, listEntries, nameThisMachineOnly } from './forwarding-headers.ts';
import { isLoopbackAddress, isLoopbackHost, normalizeAddress, normalizeHost } from './loopback.ts';

/** The facts of a request, all of them unverified. */
export interface RequestFacts {
  readonly method: string;
  /** The address at the other end of the connection; null: not known. */
  readonly peer: string | null;
  /** The connection itself is encrypted. */
  readonly isTls: boolean;
  /** The `Host` header; null: none, or several. */
  readonly host: string | null;
  readonly origin: string | null;
  /** `Sec-Fetch-Site`, which no page can set. */
  readonly fetchSite: string | null;
  readonly hasBearer: boolean;
  readonly forwarding: ForwardingHeaders;
}

/** How this Espejo is reached. */
export interface Reach {
  /** The public host name of the console, served over https; null: only this machine reaches it. */
  readonly publicHost: string | null;
  /** Number of proxies in front of Espejo whose forwarding headers are trusted. */
  readonly trustedProxies: number;
}

/** Which page sent a request: one of this console, another one, or unknown. */
export type SendingPage = 'own' | 'foreign' | 'unstated';

export interface RequestOrigin {
  /** The client, as reported by trusted proxies; null: not known. */
  readonly address: string | null;
  /** The requested host in normal form; null: none that can be read. */
  readonly host: string | null;
  readonly scheme: 'http' | 'https';
  readonly page: SendingPage;
  /** Every fact shows that the request was made on this machine, by its user or by a page of this Espejo. */
  readonly isThisMachine: boolean;
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a method changes nothing, so that a foreign page gains nothing when it makes a browser send it. */
export function isSafeMethod(method: string): boolean {
  return SAFE_METHODS.has(method);
}

/**
 * Determines where a request came from. Each proxy appends the address of its client to `X-Forwarded-For`, so with n
 * trusted proxies the client is the n-th address before the peer; entries before that may be written by the client and
 * are ignored. They do count against a request: one that was forwarded for another machine is not from this machine,
 * and when proxies or a public name are configured, no request is.
 */
export function locateRequest(facts: RequestFacts, reach: Reach): RequestOrigin {
  const { forwarding } = facts;
  const { publicHost, trustedProxies } = reach;
  const hasProxies = trustedProxies > 0;
  const forwardedHost = hasProxies ? entryOf(forwarding['x-forwarded-host'], trustedProxies) : undefined;
  const hostText = forwardedHost ?? facts.host ?? '';
  const isPublic = isPublicHost(hostText, publicHost);
  const isForwardedTls = hasProxies && entryOf(forwarding['x-forwarded-proto'], trustedProxies) === 'https';
  const scheme = facts.isTls || isPublic || isForwardedTls ? 'https' : 'http';
  const host = normalizeHost(hostText, scheme);
  const page = sendingPage(facts, [host === null ? null : originOf(`${scheme}://${host}`), publicOriginOf(publicHost)]);
  return {
    address: clientAddress(facts, trustedProxies),
    host,
    scheme,
    page,
    isThisMachine:
      publicHost === null &&
      !hasProxies &&
      facts.peer !== null &&
      isLoopbackAddress(facts.peer) &&
      facts.host !== null &&
      isLoopbackHost(facts.host) &&
      page !== 'foreign' &&
      nameThisMachineOnly(forwarding),
  };
}

/** Why the console rejects a request. */
export type ConsoleRefusal = 'foreign_host' | 'foreign_page';

/**
 * Checks every request to the console, also one with credentials: it was sent to this machine or the public name (a
 * foreign Host is a sign of DNS rebinding), and not by a foreign page. A change must come from a page of the console,
 * or from a program, which sends no Origin and has a bearer key. Null: the request is accepted.
 */
export function refuseAtConsole(facts: RequestFacts, reach: Reach): ConsoleRefusal | null {
  const { host, page } = locateRequest(facts, reach);
  const isOwn = (text: string) => isLoopbackHost(text) || isPublicHost(text, reach.publicHost);
  if (host === null || !isOwn(host) || facts.host === null || !isOwn(facts.host)) return 'foreign_host';
  if (isSafeMethod(facts.method)) {
    // A link from another site is allowed, and a read is useless to a page that cannot see the response.
    return facts.origin !== null && page === 'foreign' ? 'foreign_page' : null;
  }
  if (page === 'own' || (page === 'unstated' && facts.hasBearer)) return null;
  return 'foreign_page';
}

/** The origin of an `Origin` header or a URL in normal form; null: not that of a web page. */
export function originOf(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) return null;
  return url.origin;
}

function sendingPage({ origin, fetchSite }: RequestFacts, ownOrigins: readonly (string | null)[]): SendingPage {
  if (origin !== null) {
    const from = originOf(origin);
    if (from === null || !ownOrigins.includes(from)) return 'foreign';
  }
  // `none`: the user typed the address, or opened a bookmark.
  if (fetchSite !== null && fetchSite !== 'same-origin' && fetchSite !== 'none') return 'foreign';
  return origin !== null || fetchSite === 'same-origin' ? 'own' : 'unstated';
}

function clientAddress({ peer, forwarding }: RequestFacts, trustedProxies: number): string | null {
  const chain = [...listEntries(forwarding['x-forwarded-for']), ...(peer === null ? [] : [peer])];
  // A proxy may write `unknown`; then the nearest known address is used.
  const trusted = chain.slice(-1 - trustedProxies).map(normalizeAddress);
  return trusted.find((address) => address !== null) ?? peer;
}

/** The entry of the farthest trusted proxy in a header that each proxy appends to or replaces. */
function entryOf(value: string | undefined, trustedProxies: number): string | undefined {
  return listEntries(value).slice(-trustedProxies)[0];
}

function isPublicHost(text: string, publicHost: string | null): boolean {
  return publicHost !== null && normalizeHost(text, 'https') === normalizeHost(publicHost, 'https');
}

function publicOriginOf(publicHost: string | null): string | null {
  return publicHost === null ? null : originOf(`https://${publicHost}`);
}
