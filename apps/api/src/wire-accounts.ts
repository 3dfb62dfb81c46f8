import { createHmac } from 'node:crypto';
import { createSignInGuard } from '@espejo/core';
import type { Config } from './config.ts';
import { deriveKey } from './secrets.ts';
import type { AccountDeps, Accounts } from './services/accounts/account-deps.ts';
import { createAuth } from './services/accounts/auth.ts';
import { createCookies } from './services/accounts/cookies.ts';
import { createFailedSignIns } from './services/accounts/failed-sign-ins.ts';
import { createHashLane } from './services/accounts/hash-lane.ts';

/** Passwords of a lane that are hashed at a time, and that may wait for it. */
const LANE = { concurrency: 2, waitingMax: 20 } as const;

/** What signing in, people and tenants are made of. */
export async function wireAccounts(
  config: Pick<Config, 'secret' | 'oidc' | 'publicUrl' | 'publicHost'>,
  deps: Omit<AccountDeps, 'accounts'> & Pick<Accounts, 'operatorTenantId'>,
): Promise<Accounts> {
  const { oidc, publicUrl, publicHost } = config;
  const secret = deriveKey(config.secret, 'sessions').toString('base64url');
  const guardKey = deriveKey(config.secret, 'sign-in-guard');
  return {
    auth: await createAuth({ ...deps, secret, publicUrl, oidc }),
    cookies: createCookies({ secret, randomHex: deps.randomHex }),
    guard: createSignInGuard({ hash: (text) => createHmac('sha256', guardKey).update(text).digest().readUInt32BE() }),
    failures: createFailedSignIns(deps),
    lanes: { strange: createHashLane(LANE), known: createHashLane(LANE) },
    oidc,
    publicUrl,
    publicHost,
    operatorTenantId: deps.operatorTenantId,
  };
}
