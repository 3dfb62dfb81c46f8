/** The characters of a Host header; anything else is not a name and a port. */
const HOST_TEXT = /^[\w.:[\]-]+$/;
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** A host with its port in normal form: `EXAMPLE.com:80` is `example.com`. Null: not exactly a name and a port. */
export function normalizeHost(text: string, scheme: 'http' | 'https' = 'http'): string | null {
  if (!HOST_TEXT.test(text)) return null;
  const url = URL.parse(`${scheme}://${text}`);
  if (url === null || url.href !== `${scheme}://${url.host}/`) return null;
  // The URL standard reads `127.1` and `2130706433` as addresses; no client uses such a name.
  if (IPV4.test(url.hostname) && !text.startsWith(url.hostname)) return null;
  return url.host;
}

/** Whether a host, with or without a port, is this machine and nothing else. */
export function isLoopbackHost(text: string): boolean {
  const host = normalizeHost(text);
  return host !== null && isLoopbackName(host.replace(/:\d+$/, ''));
}

/** An IP address in normal form, without the port and brackets that some proxies write; null: not an address. */
export function normalizeAddress(text: string): string | null {
  const bare = text.replace(/^\[([^\]]*)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1');
  if (IPV4.test(bare)) return normalizeHost(bare) === bare ? bare : null;
  if (!bare.includes(':')) return null;
  const host = normalizeHost(`[${bare}]`)?.slice(1, -1);
  if (host === undefined) return null;
  // One form for each machine: a socket for both families shows 10.0.0.1 as `::ffff:10.0.0.1`.
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
  if (mapped === null) return host;
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** Whether an IP address is one of this machine's loopback addresses. */
export function isLoopbackAddress(text: string): boolean {
  const address = normalizeAddress(text);
  return address !== null && (address === '::1' || address.startsWith('127.'));
}

function isLoopbackName(name: string): boolean {
  return /^localhost\.?$/.test(name) || isLoopbackAddress(name);
}
