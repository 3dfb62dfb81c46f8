import type { SignInGuard } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock, Log, RandomHex } from '../../ports.ts';
import type { Auth } from './auth.ts';
import type { Cookies } from './cookies.ts';
import type { FailedSignIns } from './failed-sign-ins.ts';
import type { HashLane } from './hash-lane.ts';

/** What the verbs of accounts need. */
export interface AccountDeps {
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
  readonly lanes: { readonly strange: HashLane; readonly known: HashLane };
  readonly oidc: OidcSettings | null;
  /** Where browsers reach the console. */
  readonly publicUrl: string;
  /** The name others reach it by; null: this machine alone does. */
  readonly publicHost: string | null;
  /** Its owners are the operators of this installation. */
  readonly operatorTenantId: string;
}

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the button says. */
  readonly name: string;
  /** Whoever has a verified address below one of these may come in without an invitation, as a viewer. */
  readonly allowedDomains: readonly string[];
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

/** A session ends this long after sign-in, and before that when it is not used for a while. */
export const SESSION_LIFE_MS = 30 * 86_400_000;
export const SESSION_IDLE_MS = 7 * 86_400_000;
