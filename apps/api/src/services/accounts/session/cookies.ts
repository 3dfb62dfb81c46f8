import { createHmac, timingSafeEqual } from 'node:crypto';
import type { OidcChecks } from '../oidc/oidc-client.ts';
import { SESSION_LIFE_MS } from './session-policy.ts';

export const SESSION_COOKIE = 'espejo_session';
const DEVICE_COOKIE = 'espejo_device';
/** The console's own: a key somebody entered there. Whoever signs in needs it no more. */
const KEY_COOKIE = 'espejo_key';
/** A sign-in through the issuer that is under way. */
const FLOW_COOKIE = 'espejo_oidc';
/** The only place below which it is asked for. */
const FLOW_PATH = '/api/auth';
const FLOW_LIFE_S = 600;
/** The longest a browser keeps one. */
const DEVICE_LIFE_S = 400 * 86_400;
/** Accounts that one browser is known to. */
const DEVICE_ACCOUNTS_MAX = 5;

export interface Cookies {
  /** The token of the session that a `Cookie` header carries, if we signed it. */
  readSession(header: string | undefined): string | null;
  /** The browser's id, if it signed in to this account before. */
  readDevice(header: string | undefined, account: string): string | null;
  /** What a browser keeps of a sign-in: the session, and that it is known to this account. */
  opened(input: {
    readonly token: string;
    readonly account: string;
    readonly header: string | undefined;
    readonly isSecure: boolean;
  }): string[];
  /** What binds a new sign-in through the issuer to this browser, and the cookie it is told from. */
  startFlow(input: { readonly nowMs: number; readonly isSecure: boolean }): {
    readonly flow: OidcChecks;
    readonly cookie: string;
  };
  /** Of the sign-in that this browser started within ten minutes; null: none. */
  readFlow(header: string | undefined, nowMs: number): OidcChecks | null;
  /** Lets the browser forget the sign-in, so that its answer works once. */
  endFlow(isSecure: boolean): string;
  /** Lets the browser forget its session; it stays known. */
  closed(isSecure: boolean): string[];
}

/**
 * The cookies of accounts. A session's is `token.signature`, as better-auth writes it. A browser's is
 * `id.signature.signature…`, one for each account it is known to: nobody can make one for an account they never signed
 * in to. That of a sign-in under way is `id.second.signature`; state, nonce and verifier follow from the id under our
 * secret, so the browser holds none of them.
 */
export function createCookies(deps: {
  readonly secret: string;
  readonly randomHex: (length: number) => string;
}): Cookies {
  const sign = (text: string, encoding: 'base64' | 'base64url') =>
    createHmac('sha256', deps.secret).update(text).digest(encoding);
  const deviceSignature = (id: string, account: string) => sign(`device\n${account}\n${id}`, 'base64url').slice(0, 22);

  const flowOf = (id: string): OidcChecks => ({
    state: sign(`oidc state\n${id}`, 'base64url'),
    nonce: sign(`oidc nonce\n${id}`, 'base64url'),
    verifier: sign(`oidc verifier\n${id}`, 'base64url'),
  });
  const flowSignature = (id: string, startedAtS: string) => sign(`oidc flow\n${startedAtS}\n${id}`, 'base64url');

  function readDeviceParts(header: string | undefined): { id: string; signatures: string[] } | null {
    const [id, ...signatures] = (readCookie(header, DEVICE_COOKIE) ?? '').split('.');
    return id === undefined || !/^[0-9a-f]{32}$/.test(id)
      ? null
      : { id, signatures: signatures.slice(-DEVICE_ACCOUNTS_MAX) };
  }

  return {
    readSession(header) {
      const value = readCookie(header, SESSION_COOKIE);
      const dot = value?.lastIndexOf('.') ?? -1;
      if (value === null || dot < 1) return null;
      const token = value.slice(0, dot);
      return isEqual(value.slice(dot + 1), sign(token, 'base64')) ? token : null;
    },
    readDevice(header, account) {
      const device = readDeviceParts(header);
      if (device === null) return null;
      const expected = deviceSignature(device.id, account);
      return device.signatures.some((signature) => isEqual(signature, expected)) ? device.id : null;
    },
    opened({ token, account, header, isSecure }) {
      const device = readDeviceParts(header) ?? { id: deps.randomHex(32), signatures: [] };
      const own = deviceSignature(device.id, account);
      const signatures = [...device.signatures.filter((signature) => signature !== own), own];
      return [
        serialize(SESSION_COOKIE, `${token}.${sign(token, 'base64')}`, { maxAgeS: SESSION_LIFE_MS / 1000, isSecure }),
        serialize(DEVICE_COOKIE, [device.id, ...signatures.slice(-DEVICE_ACCOUNTS_MAX)].join('.'), {
          maxAgeS: DEVICE_LIFE_S,
          isSecure,
        }),
        serialize(KEY_COOKIE, '', { maxAgeS: 0, isSecure }),
      ];
    },
    startFlow({ nowMs, isSecure }) {
      const [id, startedAtS] = [deps.randomHex(32), String(Math.floor(nowMs / 1000))];
      const value = `${id}.${startedAtS}.${flowSignature(id, startedAtS)}`;
      const cookie = serialize(FLOW_COOKIE, value, { maxAgeS: FLOW_LIFE_S, isSecure, path: FLOW_PATH });
      return { flow: flowOf(id), cookie };
    },
    readFlow(header, nowMs) {
      const [id = '', startedAtS = '', signature = ''] = (readCookie(header, FLOW_COOKIE) ?? '').split('.');
      if (!isEqual(signature, flowSignature(id, startedAtS))) return null;
      return nowMs / 1000 - Number(startedAtS) <= FLOW_LIFE_S ? flowOf(id) : null;
    },
    endFlow: (isSecure) => serialize(FLOW_COOKIE, '', { maxAgeS: 0, isSecure, path: FLOW_PATH }),
    closed: (isSecure) => [serialize(SESSION_COOKIE, '', { maxAgeS: 0, isSecure })],
  };
}

function serialize(
  name: string,
  value: string,
  { maxAgeS, isSecure, path = '/' }: { readonly maxAgeS: number; readonly isSecure: boolean; readonly path?: string },
): string {
  const flags = `Path=${path}; Max-Age=${maxAgeS}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  return `${name}=${encodeURIComponent(value)}; ${flags}`;
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (pair.slice(0, equals).trim() !== name) continue;
    try {
      return decodeURIComponent(pair.slice(equals + 1).trim());
    } catch {
      return null;
    }
  }
  return null;
}

function isEqual(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
