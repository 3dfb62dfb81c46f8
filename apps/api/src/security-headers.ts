/** Security headers of every response; responses are data, so a page made of one may load and frame nothing. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
} as const;

/** Where Espejo is reached over https: for a year, and for this host name only. */
export const HSTS = 'max-age=31536000';

/** The policy of the reference page, without the hosts that its package would load from. */
export function toReferencePolicy(policy: string): string {
  return policy
    .replace("frame-ancestors 'self'", "frame-ancestors 'none'")
    .replaceAll(/ (https:|validator\.swagger\.io)(?=[ ;])/g, '')
    .replace(' upgrade-insecure-requests;', '');
}
