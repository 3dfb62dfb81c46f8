import { createHash, createHmac, createSign, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export const OIDC_CLIENT = { id: 'espejo', secret: 'issuer-secret' } as const;

export interface OidcPerson {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean | string;
  readonly name?: string;
}

/** How the issuer's answer for one sign-in is forged. */
export interface Forgery {
  /** Replaces the right claims; undefined omits one. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /**
   * `none`: not signed; `public-key` and `client-secret`: HMAC with a value that others know; `stranger`: by another
   * key.
   */
  readonly signedBy?: 'issuer' | 'none' | 'public-key' | 'client-secret' | 'stranger' | 'earlier-key';
  /** Changes the token after it was signed. */
  readonly tamper?: (idToken: string) => string;
  /** Replaces the response of the user info endpoint. */
  readonly userInfo?: Readonly<Record<string, unknown>>;
  readonly hasNoIdToken?: true;
}

export interface OidcIssuer {
  readonly url: string;
  /** Signs a user in on the issuer's page: returns where it sends the browser back to. */
  signIn(authorizationUrl: string, person: OidcPerson, forgery?: Forgery): string;
  /** Its metadata at the well-known address, changed by these fields. */
  describe(fields: Readonly<Record<string, unknown>>): void;
  /** Signs with a new key from now on, and withdraws the previous one. */
  rotateKeys(): void;
  /** Answers with errors only from now on. */
  fail(): void;
  /** The paths of the requests it got. */
  readonly requests: string[];
}

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

interface Grant {
  readonly person: OidcPerson;
  readonly challenge: string;
  readonly redirectUri: string;
  readonly nonce: string | null;
  readonly forgery: Forgery;
}

const PAIRS = [0, 1, 2].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }));

/**
 * An OpenID Connect issuer that follows the standard unless a forgery is set: discovery, one-time codes, PKCE, client
 * authentication, ID tokens signed by RS256, published keys and user info.
 */
export async function startOidcIssuer(nowMs: () => number = Date.now): Promise<OidcIssuer> {
  const grants = new Map<string, Grant>();
  const tokens = new Map<string, Grant>();
  const requests: string[] = [];
  let described: Readonly<Record<string, unknown>> = {};
  let isFailing = false;
  let keyCount = 0;
  const keyAt = (at: number): SigningKey => {
    const pair = PAIRS[at % 2];
    if (pair === undefined) throw new RangeError('there are two pairs');
    return { kid: `key-${at}`, ...pair };
  };

  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    requests.push(request.url ?? '');
    if (isFailing) answer(500, {});
    else if (request.url === '/.well-known/openid-configuration') answer(200, { ...metadata(), ...described });
    else if (request.url === '/keys') {
      const { kid, publicKey } = keyAt(keyCount);
      answer(200, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] });
    } else if (request.url === '/token') answer(...exchange(new URLSearchParams(await textOf(request)), request));
    else if (request.url === '/userinfo') {
      const grant = tokens.get((request.headers.authorization ?? '').replace('Bearer ', ''));
      if (grant === undefined) answer(401, { error: 'invalid_token' });
      else answer(200, grant.forgery.userInfo ?? grant.person);
    } else answer(404, {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function metadata() {
    return {
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      userinfo_endpoint: `${url}/userinfo`,
      jwks_uri: `${url}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      // Whatever its metadata allows, its own method counts.
      id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    };
  }

  function exchange(form: URLSearchParams, request: IncomingMessage): [number, unknown] {
    const grant = grants.get(form.get('code') ?? '');
    grants.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!isClient(form, request)) return [401, { error: 'invalid_client' }];
    if (grant?.challenge !== challenge || grant.redirectUri !== form.get('redirect_uri')) {
      return [400, { error: 'invalid_grant' }];
    }
    const accessToken = randomUUID();
    tokens.set(accessToken, grant);
    const idToken = grant.forgery.hasNoIdToken ? {} : { id_token: idTokenOf(grant, accessToken) };
    return [200, { access_token: accessToken, token_type: 'Bearer', expires_in: 60, ...idToken }];
  }

  function idTokenOf({ person, nonce, forgery }: Grant, accessToken: string): string {
    const { signedBy = 'issuer' } = forgery;
    const key = signedBy === 'stranger' ? strangerKey() : keyAt(signedBy === 'earlier-key' ? keyCount - 1 : keyCount);
    const nowS = Math.floor(nowMs() / 1000);
    const hash = createHash('sha256').update(accessToken).digest();
    const claims = {
      iss: url,
      aud: OIDC_CLIENT.id,
      iat: nowS,
      exp: nowS + 300,
      nonce: nonce ?? undefined,
      at_hash: hash.subarray(0, 16).toString('base64url'),
      ...person,
      ...forgery.claims,
    };
    const algorithm = { none: 'none', 'public-key': 'HS256', 'client-secret': 'HS256' } as const;
    const alg = Object.hasOwn(algorithm, signedBy) ? algorithm[signedBy as keyof typeof algorithm] : 'RS256';
    const signed = [{ alg, kid: key.kid, ...forgery.header }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const token = `${signed}.${signatureOf(signed, key, signedBy)}`;
    return forgery.tamper?.(token) ?? token;
  }

  /** It has the id of the issuer's key, but is another one. */
  function strangerKey(): SigningKey {
    const pair = PAIRS[2];
    if (pair === undefined) throw new RangeError('there are three pairs');
    return { kid: keyAt(keyCount).kid, ...pair };
  }

  return {
    url,
    requests,
    signIn(authorizationUrl, person, forgery = {}) {
      const { searchParams } = new URL(authorizationUrl);
      const asked = Object.fromEntries(searchParams);
      const isRight =
        asked.response_type === 'code' &&
        asked.client_id === OIDC_CLIENT.id &&
        asked.code_challenge_method === 'S256' &&
        asked.scope?.split(' ').includes('openid');
      if (!isRight) throw new Error(`The request is not one of the code flow: ${authorizationUrl}`);
      const code = randomUUID();
      const redirectUri = asked.redirect_uri ?? '';
      const challenge = asked.code_challenge ?? '';
      grants.set(code, { person, challenge, redirectUri, nonce: asked.nonce ?? null, forgery });
      const back = new URL(redirectUri);
      back.searchParams.set('code', code);
      back.searchParams.set('state', asked.state ?? '');
      return back.href;
    },
    describe(fields) {
      described = fields;
    },
    rotateKeys() {
      keyCount += 1;
    },
    fail() {
      isFailing = true;
    },
  };
}

function signatureOf(text: string, key: SigningKey, signedBy: NonNullable<Forgery['signedBy']>): string {
  if (signedBy === 'none') return '';
  if (signedBy === 'client-secret') return createHmac('sha256', OIDC_CLIENT.secret).update(text).digest('base64url');
  if (signedBy === 'public-key') {
    const pem = key.publicKey.export({ type: 'spki', format: 'pem' });
    return createHmac('sha256', pem).update(text).digest('base64url');
  }
  return createSign('sha256').update(text).sign(key.privateKey, 'base64url');
}

function isClient(form: URLSearchParams, { headers }: IncomingMessage): boolean {
  const basic = Buffer.from(String(headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
  const [id, secret] =
    basic === '' ? [form.get('client_id'), form.get('client_secret')] : basic.split(':').map(decodeURIComponent);
  return id === OIDC_CLIENT.id && secret === OIDC_CLIENT.secret;
}

async function textOf(request: IncomingMessage): Promise<string> {
  return Buffer.concat(await request.toArray()).toString();
}
