import { isLoopbackAddress, isLoopbackHost } from './loopback.ts';

/** Header names in lower case, with their values. */
export type ForwardingHeaders = Readonly<Record<string, string>>;

/** Headers in which proxies, tunnels and content networks record the origin of a request and its target. */
const FORWARDING =
  /^(forwarded|forwarded-for|via|x-forwarded(-.+)?|x-real-ip|x-client-ip|client-ip|x-remote-(ip|addr)|x-cluster-client-ip|x-original-.+|x-host|x-proxyuser-ip|wl-proxy-client-ip|true-client-ip|cf-.+|cdn-loop|fastly-.+|fly-.+|x-envoy-.+|x-azure-.+|x-appengine-.+|cloudfront-.+|x-amzn-trace-id|ngrok-.+|tailscale-.+)$/;
/** These describe how a request came, not from whom. */
const NAMELESS: ReadonlySet<string> = new Set(['x-forwarded-proto', 'x-forwarded-port', 'x-forwarded-scheme']);

/** Whether a header, by its name in lower case, is set by proxies to describe the request they forward. */
export function isForwardingHeader(name: string): boolean {
  return FORWARDING.test(name);
}

/** The entries of a list header, left to right: the nearest proxy added the last one. */
export function listEntries(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** Whether all forwarding headers name only this machine. A value that cannot be read counts as another machine. */
export function nameThisMachineOnly(headers: ForwardingHeaders): boolean {
  return Object.entries(headers).every(([name, value]) => {
    if (NAMELESS.has(name)) return true;
    const entries = value.split(',').map((entry) => entry.trim());
    if (name === 'forwarded') return entries.every(isLocalForwarded);
    if (name === 'via') return entries.every((entry) => isLocal(entry.split(/\s+/)[1] ?? ''));
    return entries.every(isLocal);
  });
}

/** One element of RFC 7239's `Forwarded`: `for=192.0.2.60;proto=http;by=203.0.113.43`. */
function isLocalForwarded(element: string): boolean {
  return element.split(';').every((pair) => {
    const [name = '', ...rest] = pair.trim().split('=');
    if (name.toLowerCase() === 'proto') return true;
    return isLocal(rest.join('=').replace(/^"(.*)"$/, '$1'));
  });
}

function isLocal(text: string): boolean {
  return isLoopbackHost(text) || isLoopbackAddress(text);
}
