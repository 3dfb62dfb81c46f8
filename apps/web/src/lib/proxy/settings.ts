import type { Reach } from '@espejo/core';

export interface ProxySettings extends Reach {
  readonly apiUrl: string;
  /** Proves to the API that a request came through this console. The starter sets it for both. It grants no rights. */
  readonly consoleToken: string | undefined;
}

/** The settings of this process; read at each request, because a build must not contain them. */
export function readProxySettings(env: Readonly<Record<string, string | undefined>> = process.env): ProxySettings {
  return {
    apiUrl: env.ESPEJO_API_URL || 'http://127.0.0.1:4000',
    consoleToken: env.ESPEJO_CONSOLE_TOKEN || undefined,
    publicHost: env.ESPEJO_PUBLIC_HOST || null,
    trustedProxies: readTrustedProxies(env.ESPEJO_TRUSTED_PROXIES),
  };
}

function readTrustedProxies(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  if (!/^\d{1,2}$/.test(text)) throw new Error('ESPEJO_TRUSTED_PROXIES: must be a number of proxies, 0 to 99.');
  return Number(text);
}
