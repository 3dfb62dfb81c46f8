import { prefixedId } from '@espejo/core';
import { type AuthStore, createAuthStore, type Database } from '@espejo/db';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { betterAuth } from 'better-auth/minimal';
import type { Clock, Log, RandomHex } from '../../ports.ts';
import { SESSION_COOKIE } from './session/cookies.ts';
import { SESSION_LIFE_MS } from './session/session-policy.ts';

/** The provider id of sign-in by password. */
export const CREDENTIAL = 'credential';
/** No password has this hash; comparing with it takes as long as with a real one. */
const NO_HASH = `${'0'.repeat(32)}:${'0'.repeat(128)}`;

export interface NewUser {
  readonly name: string;
  readonly email: string;
  /** The user has proven that the address is theirs. */
  readonly isEmailVerified: boolean;
  /** Omitted: the user signs in another way. */
  readonly hash?: string;
}

export interface NewSession {
  readonly userId: string;
  readonly tenantId: string | null;
  readonly address: string;
  readonly userAgent: string | null;
}

/** The part of better-auth that Espejo uses: passwords, and the rows of users and sessions. */
export interface Auth {
  /** A write transaction in which the methods below take part. */
  readonly transaction: AuthStore['transaction'];
  hashPassword(password: string): Promise<string>;
  /** Takes the same time when there is no hash. */
  isPassword(password: string, hash: string | null): Promise<boolean>;
  /** Call in a transaction. */
  createUser(user: NewUser): Promise<string>;
  /** Call in a transaction. Adds one more way to sign in. */
  linkProvider(userId: string, link: { readonly providerId: string; readonly accountId: string }): Promise<void>;
  /** Call in a transaction. Replaces the old password, if there is one. */
  setPassword(userId: string, hash: string): Promise<void>;
  rename(userId: string, name: string): Promise<void>;
  /** Call in a transaction. Returns the token. */
  createSession(session: NewSession): Promise<string>;
}

export interface AuthOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly randomHex: RandomHex;
  readonly secret: string;
  /** The public URL of the console. */
  readonly publicUrl: string;
}

export async function createAuth(options: AuthOptions): Promise<Auth> {
  const { db, clock, log } = options;
  const store = createAuthStore(db);
  const auth = betterAuth({
    baseURL: options.publicUrl,
    secret: options.secret,
    database: store.adapter,
    logger: { log: (level, message, ...rest) => log[level]({ rest }, `better-auth: ${message}`) },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    session: {
      expiresIn: SESSION_LIFE_MS / 1000,
      additionalFields: { tenantId: { type: 'string', required: false, input: false } },
    },
    advanced: {
      cookiePrefix: 'espejo',
      cookies: { session_token: { name: SESSION_COOKIE } },
      useSecureCookies: false,
      defaultCookieAttributes: { secure: options.publicUrl.startsWith('https:') },
      database: { generateId: ({ model }) => newId(model, clock.nowMs(), options.randomHex) },
    },
  });
  const { internalAdapter } = await auth.$context;

  return {
    transaction: store.transaction,
    hashPassword,
    isPassword: (password, hash) => verifyPassword({ password, hash: hash ?? NO_HASH }),
    async createUser({ name, email, isEmailVerified, hash }) {
      const user = await internalAdapter.createUser({ name, email, emailVerified: isEmailVerified });
      if (hash !== undefined) {
        await internalAdapter.createAccount({
          userId: user.id,
          providerId: CREDENTIAL,
          accountId: user.id,
          password: hash,
        });
      }
      return user.id;
    },
    async linkProvider(userId, { providerId, accountId }) {
      await internalAdapter.createAccount({ userId, providerId, accountId });
    },
    async setPassword(userId, hash) {
      const accounts = await internalAdapter.findAccounts(userId);
      if (accounts.some((account) => account.providerId === CREDENTIAL)) {
        await internalAdapter.updatePassword(userId, hash);
        return;
      }
      await internalAdapter.createAccount({ userId, providerId: CREDENTIAL, accountId: userId, password: hash });
    },
    async rename(userId, name) {
      await internalAdapter.updateUser(userId, { name });
    },
    async createSession({ userId, tenantId, address, userAgent }) {
      const fields = { ...lifeFrom(clock.nowMs()), tenantId, ipAddress: address, userAgent: userAgent ?? '' };
      const session = await internalAdapter.createSession(userId, false, fields, true);
      return session.token;
    },
  };
}

/** Uses Espejo's clock, not the machine's. */
function lifeFrom(nowMs: number): { createdAt: Date; updatedAt: Date; expiresAt: Date } {
  const now = new Date(nowMs);
  return { createdAt: now, updatedAt: now, expiresAt: new Date(nowMs + SESSION_LIFE_MS) };
}

function newId(model: string, nowMs: number, randomHex: RandomHex): string {
  const prefix = model === 'user' || model === 'session' ? model : 'account';
  return prefixedId(prefix, nowMs, randomHex);
}
