import { createHmac } from 'node:crypto';
import { createSignInGuard } from '@espejo/core';
import type { Config } from './config.ts';
import { deriveKey } from './secrets.ts';
import type { AccountContext, Accounts } from './services/accounts/account-context.ts';
import { createAuth } from './services/accounts/auth.ts';
import { createOidcClient } from './services/accounts/oidc/oidc-client.ts';
import { createCookies } from './services/accounts/session/cookies.ts';
import { createFailedSignIns } from './services/accounts/session/failed-sign-ins.ts';
import { createPasswordHashLimiter } from './services/accounts/session/password-hash-limiter.ts';

/** Concurrent password hashes of a queue, and its longest backlog. */
const LANE = { concurrency: 2, waitingMax: 20 } as const;

/** Wires sign-in, members and tenants. */
export async function wireAccounts(
  config: Pick<Config, 'oidc' | 'publicUrl' | 'publicHost'> & { readonly secret: string },
  deps: Omit<AccountContext, 'accounts'> & Pick<Accounts, 'operatorTenantId'> & { readonly fetch: typeof fetch },
): Promise<Accounts> {
  const { oidc, publicUrl, publicHost } = config;
  const secret = deriveKey(config.secret, 'sessions').toString('base64url');
  const guardKey = deriveKey(config.secret, 'sign-in-guard');
  return {
    auth: await createAuth({ ...deps, secret, publicUrl }),
    cookies: createCookies({ secret, randomHex: deps.randomHex }),
    guard: createSignInGuard({ hash: (text) => createHmac('sha256', guardKey).update(text).digest().readUInt32BE() }),
    failures: createFailedSignIns(deps),
    lanes: { unrecognised: createPasswordHashLimiter(LANE), known: createPasswordHashLimiter(LANE) },
    oidc: oidc && { ...oidc, client: createOidcClient(oidc, { ...deps, machineNowMs: () => Date.now() }) },
    publicUrl,
    publicHost,
    operatorTenantId: deps.operatorTenantId,
  };
}
