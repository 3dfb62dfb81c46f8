import { createHash } from 'node:crypto';
import { AppError, isLoopbackHost } from '@espejo/core';
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  type CustomFetch,
  calculatePKCECodeChallenge,
  clockSkew,
  clockTolerance,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  ResponseBodyError,
  type ServerMetadata,
} from 'openid-client';
import type { Clock, Log } from '../../../ports.ts';

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The label of the sign-in button. */
  readonly name: string;
  /** Users with a verified address in one of these domains may join without an invitation, as viewers. */
  readonly allowedDomains: readonly string[];
}

/** The claims of a user who signed in at the issuer, after every check. */
export interface OidcPerson {
  /** The permanent id at the issuer; an address may pass on to another person. */
  readonly subject: string;
  /** As the issuer wrote it; null: it sent no address. */
  readonly email: string | null;
  readonly isEmailVerified: boolean;
  readonly name: string | null;
}

/** Binds an answer to the browser that started the sign-in. Each value is used for one sign-in. */
export interface OidcChecks {
  readonly state: string;
  readonly nonce: string;
  /** The PKCE verifier. */
  readonly verifier: string;
}

/** The configured OpenID Connect issuer. */
export interface OidcClient {
  /** The URL to redirect the browser to. Throws `oidc_unavailable`. */
  start(input: OidcChecks & { readonly redirectUri: string }): Promise<URL>;
  /**
   * Exchanges the code, checks the ID token and returns the user's claims. Throws `oidc_refused`, `oidc_token_invalid`
   * and `oidc_unavailable`.
   */
  finish(input: OidcChecks & { readonly callback: URL }): Promise<OidcPerson>;
}

const SCOPE = 'openid email profile';
const REQUEST_TIMEOUT_S = 10;
const METADATA_LIFE_MS = 300_000;
/** Allowed difference between the issuer's clock and Espejo's. */
const CLOCK_TOLERANCE_S = 30;
const SUBJECT_CHARS_MAX = 255;

/**
 * Accepted signature algorithms with their hashes. Only asymmetric ones: neither `none` nor HMAC with a shared secret.
 */
const HASH_OF_ALGORITHM: Readonly<Record<string, string>> = {
  RS256: 'sha256',
  PS256: 'sha256',
  ES256: 'sha256',
  RS384: 'sha384',
  PS384: 'sha384',
  ES384: 'sha384',
  RS512: 'sha512',
  PS512: 'sha512',
  ES512: 'sha512',
  EdDSA: 'sha512',
  Ed25519: 'sha512',
};

/**
 * OpenID Connect by the code flow, over openid-client: state, nonce, PKCE, and an ID token whose signature, algorithm,
 * issuer, audience, authorized party, times and `at_hash` are checked. The issuer's keys are fetched at each sign-in,
 * so a withdrawn key stops working.
 */
export function createOidcClient(
  settings: Pick<OidcSettings, 'issuer' | 'clientId' | 'clientSecret'>,
  deps: {
    readonly clock: Clock;
    readonly log: Log;
    readonly fetch: typeof fetch;
    /** The clock that openid-client reads. */
    readonly machineNowMs: () => number;
  },
): OidcClient {
  const issuer = new URL(settings.issuer);
  const isPlain = issuer.protocol === 'http:';
  const ask: CustomFetch = (url, init) => deps.fetch(url, init as RequestInit);
  let known: { readonly metadata: ServerMetadata; readonly readAtMs: number } | null = null;

  async function readMetadata(): Promise<ServerMetadata> {
    const nowMs = deps.clock.nowMs();
    if (known !== null && nowMs - known.readAtMs < METADATA_LIFE_MS) return known.metadata;
    const found = await discovery(issuer, settings.clientId, undefined, undefined, {
      [customFetch]: ask,
      timeout: REQUEST_TIMEOUT_S,
      execute: isPlain ? [allowInsecureRequests] : [],
    });
    const metadata = JSON.parse(JSON.stringify(found.serverMetadata())) as ServerMetadata;
    assertMetadata(metadata, issuer);
    known = { metadata, readAtMs: nowMs };
    return metadata;
  }

  async function configure(): Promise<Configuration> {
    const metadata = await readMetadata();
    const clock = {
      [clockSkew]: Math.round((deps.clock.nowMs() - deps.machineNowMs()) / 1000),
      [clockTolerance]: CLOCK_TOLERANCE_S,
    };
    const config = new Configuration(
      metadata,
      settings.clientId,
      clock,
      authenticationOf(metadata, settings.clientSecret),
    );
    config.timeout = REQUEST_TIMEOUT_S;
    config[customFetch] = ask;
    if (isPlain) allowInsecureRequests(config);
    // By default the library trusts TLS to the token endpoint instead of checking the signature.
    enableNonRepudiationChecks(config);
    return config;
  }

  return {
    async start({ redirectUri, state, nonce, verifier }) {
      try {
        return buildAuthorizationUrl(await configure(), {
          redirect_uri: redirectUri,
          scope: SCOPE,
          state,
          nonce,
          code_challenge: await calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        });
      } catch (cause) {
        throw unavailable(cause);
      }
    },
    async finish({ callback, state, nonce, verifier }) {
      const config = await configure().catch((cause: unknown) => {
        throw unavailable(cause);
      });
      try {
        const tokens = await authorizationCodeGrant(config, callback, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined || tokens.id_token === undefined) throw tokenInvalid('there is no ID token');
        checkIdToken(tokens.id_token, {
          claims,
          clientId: settings.clientId,
          accessToken: tokens.access_token,
          nowS: Math.floor(deps.clock.nowMs() / 1000),
        });
        // The address and its verified flag must come from the same answer.
        const isComplete = 'email' in claims && 'email_verified' in claims;
        const hasUserInfo = config.serverMetadata().userinfo_endpoint !== undefined;
        const claimsOfUser: Readonly<Record<string, unknown>> =
          isComplete || !hasUserInfo ? claims : await fetchUserInfo(config, tokens.access_token, claims.sub);
        return personOf(claims.sub, claimsOfUser);
      } catch (cause) {
        throw cause instanceof AppError ? cause : refusalOf(cause);
      }
    },
  };
}

/** Throws when an issuer's metadata names another issuer, or an address that must not be requested. */
function assertMetadata(metadata: ServerMetadata, issuer: URL): void {
  if (URL.parse(metadata.issuer)?.href !== issuer.href) {
    throw new Error(`The issuer calls itself ${metadata.issuer}, which is not ESPEJO_OIDC_ISSUER.`);
  }
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint'] as const) {
    const text = metadata[name];
    if (text === undefined && name === 'userinfo_endpoint') continue;
    const url = URL.parse(String(text));
    const isSafe =
      url?.protocol === 'https:' ||
      (url?.protocol === 'http:' && issuer.protocol === 'http:' && isLoopbackHost(url.host));
    if (!isSafe) throw new Error(`The issuer's ${name} is ${text}, which is not an https address.`);
  }
}

/**
 * Sends the client secret in the form when the issuer allows it: not every issuer decodes HTTP Basic as the standard
 * says.
 */
function authenticationOf(metadata: ServerMetadata, secret: string) {
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  return methods.includes('client_secret_post') ? ClientSecretPost(secret) : ClientSecretBasic(secret);
}

/** The checks of an ID token that the library does not make. */
function checkIdToken(
  idToken: string,
  given: {
    readonly claims: Readonly<Record<string, unknown>>;
    readonly clientId: string;
    readonly accessToken: string;
    readonly nowS: number;
  },
): void {
  const { claims, clientId, accessToken, nowS } = given;
  const header = JSON.parse(Buffer.from(idToken.split('.', 1)[0] ?? '', 'base64url').toString()) as { alg?: unknown };
  const hash = Object.hasOwn(HASH_OF_ALGORITHM, String(header.alg)) ? HASH_OF_ALGORITHM[String(header.alg)] : undefined;
  if (hash === undefined) throw tokenInvalid(`it is signed by ${String(header.alg)}`);
  if (claims.azp !== undefined && claims.azp !== clientId) throw tokenInvalid('azp names another client');
  if (typeof claims.iat !== 'number' || claims.iat > nowS + CLOCK_TOLERANCE_S)
    throw tokenInvalid('iat is in the future');
  if (claims.at_hash !== undefined) {
    const digest = createHash(hash).update(accessToken).digest();
    const expected = digest.subarray(0, digest.length / 2).toString('base64url');
    if (claims.at_hash !== expected) throw tokenInvalid('at_hash is of another access token');
  }
}

function personOf(subject: string, claimsOfUser: Readonly<Record<string, unknown>>): OidcPerson {
  if (subject === '' || subject.length > SUBJECT_CHARS_MAX) throw tokenInvalid('sub is empty or too long');
  const { email, email_verified: isVerified, name } = claimsOfUser;
  return {
    subject,
    email: typeof email === 'string' ? email : null,
    // Only the boolean counts: an issuer that writes the text "true" may write "false" as well.
    isEmailVerified: isVerified === true,
    name: typeof name === 'string' && name.trim() !== '' ? name.trim() : null,
  };
}

function refusalOf(cause: unknown): AppError {
  if (cause instanceof AuthorizationResponseError || cause instanceof ResponseBodyError) {
    return new AppError(
      'oidc_refused',
      'The sign-in service did not accept the sign-in. Try again, or use your password.',
      {
        cause,
        details: { reason: cause.error.slice(0, 64) },
      },
    );
  }
  const code = codeOf(cause);
  if (cause instanceof TypeError || (code !== null && UNAVAILABLE.has(code))) return unavailable(cause);
  return tokenInvalid('it fails the checks', cause);
}

/** Errors by which openid-client reports that the issuer gave no usable answer. */
const UNAVAILABLE: ReadonlySet<string> = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
]);

function codeOf(cause: unknown): string | null {
  const code = (cause as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : null;
}

function unavailable(cause: unknown): AppError {
  return new AppError(
    'oidc_unavailable',
    'The sign-in service does not answer correctly. Try again, or use your password.',
    { cause },
  );
}

function tokenInvalid(reason: string, cause?: unknown): AppError {
  return new AppError(
    'oidc_token_invalid',
    'The answer of the sign-in service cannot be trusted, so you are not signed in. Try again; if it happens again, ask an operator.',
    {
      cause: cause ?? new Error(`The ID token was rejected: ${reason}.`),
      details: { reason: codeOf(cause) ?? reason },
    },
  );
}
