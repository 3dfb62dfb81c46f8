import type { NextConfig } from 'next';

const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=()' },
];

const config: NextConfig = {
  // The workspace packages are TypeScript source without a build step.
  transpilePackages: ['@espejo/contracts', '@espejo/core', '@espejo/ui'],
  // TypeScript 7 is a native compiler without the JavaScript API that Next's checker calls. `npm run verify` runs
  // `tsc -p apps/web` instead, so nothing goes unchecked.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  // `/api/docs/` belongs to the API: Next must not redirect it away.
  skipTrailingSlashRedirect: true,
  devIndicators: false,
  // The content security policy carries a nonce and is set per request, in src/proxy.ts.
  headers: async () => [{ source: '/:path*', headers: securityHeaders }],
};

export default config;
