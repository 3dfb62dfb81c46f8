import ipaddr, { type IPv6 } from 'ipaddr.js';

const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3') as [IPv6, number];
/**
 * Ranges that ipaddr.js does not classify as special: documentation (RFC 9637), and Azure's metadata and host agent.
 */
const MORE = [ipaddr.parseCIDR('3fff::/20'), ipaddr.parseCIDR('168.63.129.16/32')];

/**
 * Whether an IP address is on the public internet: neither this machine, nor a private, link-local, shared, multicast,
 * documentation, translation or tunnel range, nor a cloud's metadata service. Of IPv6 only global unicast counts, and
 * an IPv4 address inside an IPv6 one is classified as IPv4. Text that is no address is not public.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast') return false;
  if (MORE.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits))) return false;
  return address.kind() === 'ipv4' || address.match(...GLOBAL_UNICAST);
}
