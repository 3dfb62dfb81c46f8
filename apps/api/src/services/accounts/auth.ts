import { prefixedId } from '@espejo/core';
import { type AuthStore, createAuthStore, type Database } from '@espejo/db';
import { APIError } from 'better-auth/api';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { betterAuth } from 'better-auth/minimal';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import type { Clock, Log, RandomHex } from '../../ports.ts';
import { type OidcSettings, SESSION_LIFE_MS } from './account-deps.ts';
import { SESSION_COOKIE } from './cookies.ts';
import { joinByDomain, joinByOidc, mayJoinByOidc } from './join-by-oidc.ts';

export const OIDC_PROVIDER_ID = 'oidc';
/** Where better-auth stands; its callback below is the only path of its own that is let through. */
export const AUTH_PATH = '/api/auth';
const CREDENTIAL = 'credential';
/** No password has this hash; to compare with it takes as long as with a real one. */
const NO_HASH = `${'0'.repeat(32)}:${'0'.repeat(128)}`;

/** Takes away what an issuer gave. The database has no place for it. */
const NO_TOKENS = {
  accessToken: undefined,
  refreshToken: undefined,
  idToken: undefined,
  accessTokenExpiresAt: undefined,
  refreshTokenExpiresAt: undefined,
  scope: undefined,
};

export interface NewSession {
  readonly userId: string;
  readonly tenantId: string | null;
  readonly address: string;
  readonly userAgent: string | null;
}

/** What better-auth does for us: passwords, the rows of people and sessions, and OIDC. */
export interface Auth {
  /** A write transaction in which the makers below take part. */
  readonly transaction: AuthStore['transaction'];
  hashPassword(password: string): Promise<string>;
  /** Takes the same time without a hash. */
  isPassword(password: string, hash: string | null): Promise<boolean>;
  /** In a transaction. */
  createUser(fields: { readonly name: string; readonly email: string; readonly hash: string }): Promise<string>;
  /** In a transaction; in place of the old one, if there is one. */
  setPassword(userId: string, hash: string): Promise<void>;
  rename(userId: string, name: string): Promise<void>;
  /** In a transaction. Gives the token. */
  createSession(session: NewSession): Promise<string>;
  /** The first step of an OIDC sign-in: where the browser goes, and the cookies it brings back. */
  startOidc(headers: Headers): Promise<{ url: string; cookies: string[] }>;
  /** The last one: better-auth's own answer, a redirect. */
  endOidc(request: Request): Promise<Response>;
}

export interface AuthOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly randomHex: RandomHex;
  readonly secret: string;
  /** Where browsers reach the console. */
  readonly publicUrl: string;
  readonly oidc: OidcSettings | null;
  readonly operatorTenantId: string;
}

export async function createAuth(options: AuthOptions): Promise<Auth> {
  const { db, clock, log, oidc } = options;
  const store = createAuthStore(db);
  const auth = betterAuth({
    baseURL: options.publicUrl,
    basePath: AUTH_PATH,
    secret: options.secret,
    database: store.adapter,
    logger: { log: (level, message, ...rest) => log[level]({ rest }, `better-auth: ${message}`) },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    session: {
      expiresIn: SESSION_LIFE_MS / 1000,
      additionalFields: { tenantId: { type: 'string', required: false, input: false } },
    },
    // What the issuer lets us do in somebody's name is not needed, so it is not kept (see the hook below).
    account: { updateAccountOnSignIn: false, storeStateStrategy: 'cookie' },
    advanced: {
      cookiePrefix: 'espejo',
      cookies: { session_token: { name: SESSION_COOKIE } },
      useSecureCookies: false,
      defaultCookieAttributes: { secure: options.publicUrl.startsWith('https:') },
      database: { generateId: ({ model }) => newId(model, clock.nowMs(), options.randomHex) },
    },
    onAPIError: { errorURL: '/sign-in' },
    plugins: oidc === null ? [] : [genericOAuth({ config: [providerOf(oidc)] })],
    databaseHooks: {
      user: {
        create: {
          before: async (user, context) => {
            if (context === null) return;
            if (!(await mayJoinByOidc({ db, clock, oidc }, user))) throw notInvited();
          },
          after: async (user, context) => {
            if (context !== null) await joinByDomain(options, user);
          },
        },
      },
      account: {
        create: {
          before: async () => ({ data: NO_TOKENS }),
        },
      },
      session: {
        create: {
          before: async (session, context) => {
            if (context === null) return;
            const tenantId = await joinByOidc(options, session.userId);
            if (tenantId === null) throw notInvited();
            return { data: { ...lifeFrom(clock.nowMs()), tenantId } };
          },
        },
      },
    },
  });
  const { internalAdapter } = await auth.$context;

  return {
    transaction: store.transaction,
    hashPassword,
    isPassword: (password, hash) => verifyPassword({ password, hash: hash ?? NO_HASH }),
    async createUser({ name, email, hash }) {
      // Whoever invites vouches for the address; so does the first owner for their own.
      const user = await internalAdapter.createUser({ name, email, emailVerified: true });
      await internalAdapter.createAccount({
        userId: user.id,
        providerId: CREDENTIAL,
        accountId: user.id,
        password: hash,
      });
      return user.id;
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
    async startOidc(headers) {
      const url = new URL(`${AUTH_PATH}/sign-in/oauth2`, options.publicUrl);
      const body = { providerId: OIDC_PROVIDER_ID, callbackURL: '/', errorCallbackURL: '/sign-in' };
      const cookie = headers.get('cookie');
      const response = await auth.handler(
        new Request(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin: url.origin, ...(cookie !== null && { cookie }) },
          body: JSON.stringify(body),
        }),
      );
      const answer = (await response.json()) as { readonly url?: unknown };
      if (!response.ok || typeof answer.url !== 'string') throw new Error(`OIDC did not start: ${response.status}`);
      return { url: answer.url, cookies: response.headers.getSetCookie() };
    },
    endOidc: (request) => auth.handler(request),
  };
}

function providerOf(oidc: OidcSettings) {
  return {
    providerId: OIDC_PROVIDER_ID,
    discoveryUrl: `${oidc.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    issuer: oidc.issuer,
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    scopes: ['openid', 'email', 'profile'],
    pkce: true,
    mapProfileToUser: (profile: Record<string, unknown>) => ({
      // An address nobody checked is whatever its owner typed.
      emailVerified: profile.email_verified === true,
      name: typeof profile.name === 'string' && profile.name !== '' ? profile.name : String(profile.email),
    }),
  };
}

/** By our clock, not the machine's. */
function lifeFrom(nowMs: number): { createdAt: Date; updatedAt: Date; expiresAt: Date } {
  const now = new Date(nowMs);
  return { createdAt: now, updatedAt: now, expiresAt: new Date(nowMs + SESSION_LIFE_MS) };
}

function newId(model: string, nowMs: number, randomHex: RandomHex): string {
  const prefix = model === 'user' || model === 'session' ? model : 'account';
  return prefixedId(prefix, nowMs, randomHex);
}

/** In better-auth's words: it sends the browser to the sign-in page with this code. */
function notInvited(): APIError {
  return new APIError('FORBIDDEN', { code: 'not_invited', message: 'not_invited' });
}
