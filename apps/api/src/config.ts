import { resolve } from 'node:path';
import { EmailAddress } from '@espejo/contracts';
import { DAY_S, isLoopbackAddress, isLoopbackHost } from '@espejo/core';
import { validate as isCron } from 'node-cron';
import { z } from 'zod';
import type { OidcSettings } from './services/accounts/oidc/oidc-client.ts';

import { findBaseUrlFault } from './services/connections/base-url.ts';
import type { ExpirySettings } from './services/context/expiry-settings.ts';
import { readTracing, TRACING_ENV, type TracingSettings } from './telemetry/tracing-settings.ts';

/** "true", "1", "yes", "on" and their opposites; anything else is rejected. */
const Flag = z.stringbool();
const Text = z.string().trim().min(1);
const BaseUrl = Text.superRefine((text, context) => {
  const fault = findBaseUrlFault(text);
  if (fault !== null) context.addIssue(fault);
});
/** Characters that a bearer token can contain. */
const Key = Text.regex(/^[\x21-\x7e]+$/, 'must be ASCII without spaces');

/** The key makes its holder an owner, so it must be hard to guess. */
const OWNER_KEY_CHARS_MIN = 16;
const OWNER_KEY_DISTINCT_MIN = 8;
const OwnerKey = Key.refine(
  (text) => text.length >= OWNER_KEY_CHARS_MIN && new Set(text).size >= OWNER_KEY_DISTINCT_MIN,
  `is too easy to guess: it needs at least ${OWNER_KEY_CHARS_MIN} characters, ${OWNER_KEY_DISTINCT_MIN} of them different. Make one with: openssl rand -hex 24`,
);

/** A longer chain of proxies is a mistake. */
const TRUSTED_PROXIES_MAX = 99;

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

const WebOrigin = z.string().refine((text) => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text;
}, 'must be origins as browsers send them, separated by commas: https://app.example.com');

const Env = z.object({
  API_PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  ESPEJO_HOST: Text.default('127.0.0.1'),
  ESPEJO_DATA_DIR: Text.default('./data'),
  ESPEJO_SECRET: Text.min(16, 'needs at least 16 characters').optional(),
  ESPEJO_API_KEY: OwnerKey.optional(),
  ESPEJO_CONSOLE_TOKEN: Key.optional(),
  OPENAI_API_KEY: Text.optional(),
  OPENAI_BASE_URL: BaseUrl.optional(),
  OPENAI_ORG_ID: Text.optional(),
  OPENAI_PROJECT_ID: Text.optional(),
  ESPEJO_SYNC_CRON: Text.refine(isCron, 'is not a cron expression').default('*/5 * * * *'),
  ESPEJO_SYNC_ENABLED: Flag.default(true),
  ESPEJO_REMOVAL_GRACE_S: z.coerce.number().int().min(0).default(3600),
  ESPEJO_EXPIRY_WARN_DAYS: z.coerce.number().int().min(1).max(365).default(7),
  ESPEJO_EXPIRED_RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(30),
  ESPEJO_TRASH_RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(30),
  ESPEJO_ALLOW_PRIVATE_UPSTREAMS: Flag.default(false),
  ESPEJO_PARSE_TIMEOUT_S: z.coerce.number().int().min(1).max(3600).default(20),
  ESPEJO_PARSE_MEMORY_MB: z.coerce.number().int().min(256).max(65_536).default(640),
  ESPEJO_OCR: Flag.default(false),
  ESPEJO_OCR_MEMORY_MB: z.coerce.number().int().min(512).max(65_536).default(1024),
  EMBEDDINGS_BASE_URL: BaseUrl.optional(),
  EMBEDDINGS_MODEL: Text.optional(),
  EMBEDDINGS_API_KEY: Text.optional(),
  EMBEDDINGS_DIMENSIONS: z.coerce.number().int().min(1).max(8192).optional(),
  ...TRACING_ENV,
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  ESPEJO_PUBLIC_HOST: Text.regex(/^[\w.-]+(:\d+)?$/, 'must be a host name with an optional port').optional(),
  ESPEJO_TRUSTED_PROXIES: z.coerce.number().int().min(0).max(TRUSTED_PROXIES_MAX).default(0),
  ESPEJO_CORS_ORIGINS: Text.transform(splitList).pipe(z.array(WebOrigin)).optional(),
  ESPEJO_OIDC_ISSUER: BaseUrl.optional(),
  ESPEJO_OIDC_CLIENT_ID: Text.optional(),
  ESPEJO_OIDC_CLIENT_SECRET: Text.optional(),
  ESPEJO_OIDC_NAME: Text.max(64).default('single sign-on'),
  ESPEJO_OIDC_ALLOWED_DOMAINS: Text.optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export interface UpstreamFromEnvironment {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly organization: string | null;
  readonly project: string | null;
}

/** A model in a local folder. */
export interface ModelFolder {
  readonly folder: string;
}

export interface EmbeddingsFromEnvironment {
  readonly baseUrl: string;
  /** Null: the endpoint needs none. */
  readonly apiKey: string | null;
  readonly model: string;
  /** Null: the model's own number. */
  readonly dimensions: number | null;
}

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** Encrypts keys at rest and signs tokens; null: it is in the data folder. */
  readonly secret: string | null;
  /** The automation key; without it the API answers loopback only. */
  readonly apiKey: string | null;
  /** The console's own key, generated at every start. */
  readonly consoleToken: string | null;
  /** The public host name of the console, over https; null: only reachable from this machine. */
  readonly publicHost: string | null;
  /** Trusted proxies in front of Espejo, whose forwarding headers are used. */
  readonly trustedProxies: number;
  /** Origins whose pages may call `/v1` with a key. */
  readonly corsOrigins: readonly string[];
  /** The public URL of the console. */
  readonly publicUrl: string;
  /** Null: users sign in with a password only. */
  readonly oidc: OidcSettings | null;
  /** Set: the connection named default. Unset: the built-in sandbox. */
  readonly upstream: UpstreamFromEnvironment | null;
  /** Tenants other than the operators' may connect servers at private addresses. */
  readonly isPrivateUpstreamAllowed: boolean;
  readonly syncCron: string;
  readonly isSyncEnabled: boolean;
  readonly removalGraceS: number;
  readonly expiry: ExpirySettings;
  /** Null: the built-in embedder, which finds words, not meanings. */
  readonly embeddings: EmbeddingsFromEnvironment | ModelFolder | null;
  /** Limits of parsing one file. */
  /** Scanned pages are read by text recognition (OCR); null: they are not. */
  readonly recognition: { readonly memoryMb: number } | null;
  readonly parsing: { readonly timeoutMs: number; readonly memoryMb: number };
  readonly logLevel: string;
  /** Null: no collector is configured, so there is no tracing. */
  readonly tracing: TracingSettings | null;
}

/** An invalid configuration; the message names the variable and its allowed values. */
export class ConfigError extends Error {}

/** Reads the environment once; nothing below `main.ts` reads it again. Throws ConfigError. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  // An empty variable counts as unset: that is how compose files and shells leave them.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = Env.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`The configuration is not valid:\n${lines.join('\n')}`);
  }
  const e = parsed.data;
  const dataDir = resolve(e.ESPEJO_DATA_DIR);
  const opening = openingOf(e);
  if (opening !== null && e.ESPEJO_API_KEY === undefined) {
    throw new ConfigError(
      `${opening} would open Espejo to others without a key. Set ESPEJO_API_KEY too, or leave ${opening.split('=')[0]} out.`,
    );
  }
  return {
    host: withoutBrackets(e.ESPEJO_HOST),
    port: e.API_PORT,
    dataDir,
    secret: e.ESPEJO_SECRET ?? null,
    apiKey: e.ESPEJO_API_KEY ?? null,
    consoleToken: e.ESPEJO_CONSOLE_TOKEN ?? null,
    publicHost: e.ESPEJO_PUBLIC_HOST ?? null,
    trustedProxies: e.ESPEJO_TRUSTED_PROXIES,
    corsOrigins: e.ESPEJO_CORS_ORIGINS ?? [],
    publicUrl: e.ESPEJO_PUBLIC_HOST === undefined ? `http://localhost:${e.PORT}` : `https://${e.ESPEJO_PUBLIC_HOST}`,
    oidc: readOidc(e),
    upstream:
      e.OPENAI_API_KEY === undefined && e.OPENAI_BASE_URL === undefined
        ? null
        : {
            baseUrl: e.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
            // Compatible servers often need no key; the SDK requires some text.
            apiKey: e.OPENAI_API_KEY ?? 'none',
            organization: e.OPENAI_ORG_ID ?? null,
            project: e.OPENAI_PROJECT_ID ?? null,
          },
    isPrivateUpstreamAllowed: e.ESPEJO_ALLOW_PRIVATE_UPSTREAMS,
    syncCron: e.ESPEJO_SYNC_CRON,
    isSyncEnabled: e.ESPEJO_SYNC_ENABLED,
    removalGraceS: e.ESPEJO_REMOVAL_GRACE_S,
    expiry: {
      warnAheadS: e.ESPEJO_EXPIRY_WARN_DAYS * DAY_S,
      expiredRetentionMs: e.ESPEJO_EXPIRED_RETENTION_DAYS * DAY_S * 1000,
      trashRetentionMs: e.ESPEJO_TRASH_RETENTION_DAYS * DAY_S * 1000,
    },
    embeddings: readEmbeddings(e),
    recognition: e.ESPEJO_OCR ? { memoryMb: e.ESPEJO_OCR_MEMORY_MB } : null,
    parsing: { timeoutMs: e.ESPEJO_PARSE_TIMEOUT_S * 1000, memoryMb: e.ESPEJO_PARSE_MEMORY_MB },
    logLevel: e.LOG_LEVEL,
    tracing: readTracing(e),
  };
}

/** Partial OIDC configuration is an error: an issuer needs both a client id and a secret. */
function readOidc(e: z.output<typeof Env>): OidcSettings | null {
  const names = ['ESPEJO_OIDC_ISSUER', 'ESPEJO_OIDC_CLIENT_ID', 'ESPEJO_OIDC_CLIENT_SECRET'] as const;
  const { ESPEJO_OIDC_ISSUER, ESPEJO_OIDC_CLIENT_ID, ESPEJO_OIDC_CLIENT_SECRET } = e;
  if (names.every((name) => e[name] === undefined) && e.ESPEJO_OIDC_ALLOWED_DOMAINS === undefined) return null;
  if (
    ESPEJO_OIDC_ISSUER === undefined ||
    ESPEJO_OIDC_CLIENT_ID === undefined ||
    ESPEJO_OIDC_CLIENT_SECRET === undefined
  ) {
    throw new ConfigError(`Signing in through OIDC needs ${names.join(', ')}. Set all of them, or none.`);
  }
  const issuer = new URL(ESPEJO_OIDC_ISSUER);
  if (issuer.protocol !== 'https:' && !isLoopbackHost(issuer.host)) {
    throw new ConfigError(
      `ESPEJO_OIDC_ISSUER=${ESPEJO_OIDC_ISSUER} must be an https address: over http an attacker on the network could sign in as any user. Only an issuer on this machine may be http.`,
    );
  }
  return {
    issuer: ESPEJO_OIDC_ISSUER,
    clientId: ESPEJO_OIDC_CLIENT_ID,
    clientSecret: ESPEJO_OIDC_CLIENT_SECRET,
    name: e.ESPEJO_OIDC_NAME,
    allowedDomains: readDomains(e.ESPEJO_OIDC_ALLOWED_DOMAINS ?? ''),
  };
}

/** Whole domains, as they appear after the `@`: one with a wildcard or an `@` would never match. */
function readDomains(list: string): string[] {
  const domains = list
    .split(',')
    .map((domain) => domain.trim().toLowerCase())
    .filter((domain) => domain !== '');
  for (const domain of domains) {
    if (EmailAddress.safeParse(`somebody@${domain}`).success) continue;
    throw new ConfigError(
      `ESPEJO_OIDC_ALLOWED_DOMAINS: '${domain}' is not a domain. Name whole domains, as in example.com,example.org.`,
    );
  }
  return domains;
}

/** A partial embedding configuration is an error: a model needs an endpoint and a name. */
function readEmbeddings(e: z.output<typeof Env>): EmbeddingsFromEnvironment | ModelFolder | null {
  const names = ['EMBEDDINGS_BASE_URL', 'EMBEDDINGS_MODEL', 'EMBEDDINGS_API_KEY', 'EMBEDDINGS_DIMENSIONS'] as const;
  const given = names.filter((name) => e[name] !== undefined);
  if (given.length === 0) return null;
  const folder = e.EMBEDDINGS_MODEL?.startsWith('file:') ? e.EMBEDDINGS_MODEL.slice('file:'.length) : undefined;
  if (folder !== undefined) {
    const others = given.filter((name) => name !== 'EMBEDDINGS_MODEL');
    if (folder === '' || others.length > 0) {
      throw new ConfigError(
        folder === ''
          ? 'EMBEDDINGS_MODEL: file: must be followed by the folder of a model, as in file:/models/potion-base-8M.'
          : `${others.join(', ')}: a model in a folder needs none of these. Leave them out, or name a model of the endpoint.`,
      );
    }
    return { folder: resolve(folder.replace(/^\/\/(?=\/)/, '')) };
  }
  if (e.EMBEDDINGS_BASE_URL === undefined || e.EMBEDDINGS_MODEL === undefined) {
    throw new ConfigError(
      `${given.join(', ')}: an embedding model needs both EMBEDDINGS_BASE_URL and EMBEDDINGS_MODEL. Leave all of them out for the built-in one.`,
    );
  }
  return {
    baseUrl: e.EMBEDDINGS_BASE_URL,
    apiKey: e.EMBEDDINGS_API_KEY ?? null,
    model: e.EMBEDDINGS_MODEL,
    dimensions: e.EMBEDDINGS_DIMENSIONS ?? null,
  };
}

/** The setting by which Espejo is reachable from other machines; null: none. */
function openingOf(e: z.output<typeof Env>): string | null {
  const { ESPEJO_HOST, ESPEJO_PUBLIC_HOST, ESPEJO_TRUSTED_PROXIES } = e;
  if (!isLoopbackHost(ESPEJO_HOST) && !isLoopbackAddress(ESPEJO_HOST)) return `ESPEJO_HOST=${ESPEJO_HOST}`;
  if (ESPEJO_PUBLIC_HOST !== undefined) return `ESPEJO_PUBLIC_HOST=${ESPEJO_PUBLIC_HOST}`;
  return ESPEJO_TRUSTED_PROXIES > 0 ? `ESPEJO_TRUSTED_PROXIES=${ESPEJO_TRUSTED_PROXIES}` : null;
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
