import { createHmac, timingSafeEqual } from 'node:crypto';
import type { OidcChecks } from '../oidc/oidc-client.ts';
import { SESSION_LIFE_MS } from './session-policy.ts';

export const SESSION_COOKIE = 'espejo_session';
const DEVICE_COOKIE = 'espejo_device';
/** Holds an API key that was entered in the console. It is cleared at sign-in. */
const KEY_COOKIE = 'espejo_key';
/** Holds a sign-in through the issuer that is in progress. */
const FLOW_COOKIE = 'espejo_oidc';
/** The only path that the cookie is sent to. */
const FLOW_PATH = '/api/auth';
const FLOW_LIFE_S = 600;
/** The longest lifetime of a cookie. */
const DEVICE_LIFE_S = 400 * 86_400;
/** Accounts for which one device can be recognised. */
const DEVICE_ACCOUNTS_MAX = 5;

export interface Cookies {
  /** The session token of a `Cookie` header, when its signature is valid. */
  readSession(header: string | undefined): string | null;
  /** The device id, if this browser signed in to the account before. */
  readDevice(header: string | undefined, account: string): string | null;
  /** The cookies set at sign-in: the session, and the device with this account. */
  opened(input: {
    readonly token: string;
    readonly account: string;
    readonly header: string | undefined;
    readonly isSecure: boolean;
  }): string[];
  /**
   * Starts a sign-in through the issuer: the values that bind it to this browser, and the cookie they are derived from.
   */
  startFlow(input: { readonly nowMs: number; readonly isSecure: boolean }): {
    readonly flow: OidcChecks;
    readonly cookie: string;
  };
  /** The sign-in that this browser started within ten minutes; null: none. */
  readFlow(header: string | undefined, nowMs: number): OidcChecks | null;
  /** Clears the sign-in cookie, so that its answer works once. */
  endFlow(isSecure: boolean): string;
  /** Clears the session cookie; the device stays recognised. */
  closed(isSecure: boolean): string[];
}

/**
 * The cookies of accounts. A session's is `token.signature`, as better-auth writes it. A device's is
 * `id.signature.signature…`, one for each account it is recognised for, so it cannot be forged for an account that
 * never signed in there. A pending sign-in's is `id.second.signature`; state, nonce and verifier are derived from the
 * id and the secret, so the browser holds none of them.
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
