import type { SignInGuard } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock, Log, RandomHex } from '../../ports.ts';
import type { Auth } from './auth.ts';
import type { OidcClient, OidcSettings } from './oidc/oidc-client.ts';
import type { Cookies } from './session/cookies.ts';
import type { FailedSignIns } from './session/failed-sign-ins.ts';
import type { PasswordHashLimiter } from './session/password-hash-limiter.ts';

/** Ports of the account services. */
export interface AccountContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly randomHex: RandomHex;
  readonly accounts: Accounts;
}

export interface Accounts {
  readonly auth: Auth;
  readonly cookies: Cookies;
  readonly guard: SignInGuard;
  readonly failures: FailedSignIns;
  /** Passwords from unrecognised devices are hashed in one queue, those from known devices in another. */
  readonly lanes: { readonly unrecognised: PasswordHashLimiter; readonly known: PasswordHashLimiter };
  /** Null: users sign in with a password only. */
  readonly oidc: (OidcSettings & { readonly client: OidcClient }) | null;
  /** The public URL of the console. */
  readonly publicUrl: string;
  /** The public host name; null: only reachable from this machine. */
  readonly publicHost: string | null;
  /** The owners of this tenant are the operators of this installation. */
  readonly operatorTenantId: string;
}

/** The browser or other client that sent a request. */
export interface Browser {
  readonly address: string;
  readonly userAgent: string | null;
  readonly requestId: string;
  /** Its `Cookie` header. */
  readonly cookies: string | undefined;
  /** Reached over https, so that cookies may be marked Secure. */
  readonly isSecure: boolean;
}
