import type { SignInGuard } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock, Log, RandomHex } from '../../ports.ts';
import type { Auth } from './auth.ts';
import type { OidcClient, OidcSettings } from './oidc/oidc-client.ts';
import type { Cookies } from './session/cookies.ts';
import type { FailedSignIns } from './session/failed-sign-ins.ts';
import type { PasswordHashLimiter } from './session/password-hash-limiter.ts';

/** What the verbs of accounts need. */
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
  /** Passwords of strange browsers are hashed in one lane, those of known ones in another. */
  readonly lanes: { readonly strange: PasswordHashLimiter; readonly known: PasswordHashLimiter };
  /** Null: people sign in with a password alone. */
  readonly oidc: (OidcSettings & { readonly client: OidcClient }) | null;
  /** Where browsers reach the console. */
  readonly publicUrl: string;
  /** The name others reach it by; null: this machine alone does. */
  readonly publicHost: string | null;
  /** Its owners are the operators of this installation. */
  readonly operatorTenantId: string;
}

/** The browser, or whatever else, a request came from. */
export interface Browser {
  readonly address: string;
  readonly userAgent: string | null;
  readonly requestId: string;
  /** Its `Cookie` header. */
  readonly cookies: string | undefined;
  /** Reached over https, so that a cookie may be held to it. */
  readonly isSecure: boolean;
}
