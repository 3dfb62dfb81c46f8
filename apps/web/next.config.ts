import type { NextConfig } from 'next';

const config: NextConfig = {
  // The workspace packages are TypeScript source; there is no build step of their own.
  transpilePackages: ['@espejo/contracts', '@espejo/ui'],
  // TypeScript 7 is a native compiler without the JavaScript API that Next's checker calls. `npm run verify` runs
  // `tsc -p apps/web` instead, so nothing goes unchecked.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  // `/api/docs/` belongs to the API: Next must not redirect it away.
  skipTrailingSlashRedirect: true,
  devIndicators: false,
};

export default config;
