import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { DAY_S } from '@espejo/core';
import { validate as isCron } from 'node-cron';
import { z } from 'zod';
import type { OidcSettings } from './services/accounts/account-deps.ts';
import { findBaseUrlFault } from './services/connections/base-url.ts';
import type { ExpirySettings } from './services/expiry/expiry-settings.ts';
import { readTracing, TRACING_ENV, type TracingSettings } from './telemetry/tracing-settings.ts';

/** "true", "1", "yes", "on" and their opposites; anything else is refused rather than guessed. */
const Flag = z.stringbool();
const Text = z.string().trim().min(1);
const BaseUrl = Text.superRefine((text, context) => {
  const fault = findBaseUrlFault(text);
  if (fault !== null) context.addIssue(fault);
});
/** What a bearer token can carry. */
const Key = Text.regex(/^[\x21-\x7e]+$/, 'must be ASCII without spaces');

const Env = z.object({
  API_PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  ESPEJO_HOST: Text.default('127.0.0.1'),
  ESPEJO_DATA_DIR: Text.default('./data'),
  ESPEJO_SECRET: Text.min(16, 'needs at least 16 characters').optional(),
  ESPEJO_API_KEY: Key.min(8, 'needs at least 8 characters').optional(),
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
  EMBEDDINGS_BASE_URL: BaseUrl.optional(),
  EMBEDDINGS_MODEL: Text.optional(),
  EMBEDDINGS_API_KEY: Text.optional(),
  EMBEDDINGS_DIMENSIONS: z.coerce.number().int().min(1).max(8192).optional(),
  ...TRACING_ENV,
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  ESPEJO_PUBLIC_HOST: Text.regex(
    /^[\w.-]+(:\d+)?$/,
    'must be a name, with a port if it has one, and nothing else',
  ).optional(),
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

export interface EmbeddingsFromEnvironment {
  readonly baseUrl: string;
  /** Null: the endpoint asks for none. */
  readonly apiKey: string | null;
  readonly model: string;
  /** Null: as many as the model gives. */
  readonly dimensions: number | null;
}

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** Encrypts keys at rest and signs what the API hands out. */
  readonly secret: string;
  /** It is in the data folder, not in the environment. */
  readonly isSecretInFile: boolean;
  /** The automation key; without it the API answers loopback only. */
  readonly apiKey: string | null;
  /** The console's own key, new at every start. */
  readonly consoleToken: string | null;
  /** The name others reach the console by, over https; null: this machine alone does. */
  readonly publicHost: string | null;
  /** Where browsers reach the console. */
  readonly publicUrl: string;
  /** Null: people sign in with a password alone. */
  readonly oidc: OidcSettings | null;
  /** Set: the connection named default. Unset: the built-in sandbox. */
  readonly upstream: UpstreamFromEnvironment | null;
  readonly syncCron: string;
  readonly isSyncEnabled: boolean;
  readonly removalGraceS: number;
  readonly expiry: ExpirySettings;
  /** Null: the built-in embedder, which finds words, not meanings. */
  readonly embeddings: EmbeddingsFromEnvironment | null;
  readonly logLevel: string;
  /** Null: no collector is named, and there is no tracing. */
  readonly tracing: TracingSettings | null;
}

/** A configuration that cannot be used; the message names the variable and what it must be. */
export class ConfigError extends Error {}

/** Reads the environment once; nothing below `main.ts` reads it again. Throws ConfigError. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  // An empty variable is one that is not set: that is how compose files and shells leave them.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = Env.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`The configuration cannot be used:\n${lines.join('\n')}`);
  }
  const e = parsed.data;
  const dataDir = resolve(e.ESPEJO_DATA_DIR);
  if (!isLoopback(e.ESPEJO_HOST) && e.ESPEJO_API_KEY === undefined) {
    throw new ConfigError(
      `ESPEJO_HOST=${e.ESPEJO_HOST} would open Espejo to the network without a key. Set ESPEJO_API_KEY, or leave ESPEJO_HOST out.`,
    );
  }
  return {
    host: withoutBrackets(e.ESPEJO_HOST),
    port: e.API_PORT,
    dataDir,
    secret: e.ESPEJO_SECRET ?? loadOrMakeSecret(dataDir),
    isSecretInFile: e.ESPEJO_SECRET === undefined,
    apiKey: e.ESPEJO_API_KEY ?? null,
    consoleToken: e.ESPEJO_CONSOLE_TOKEN ?? null,
    publicHost: e.ESPEJO_PUBLIC_HOST ?? null,
    publicUrl: e.ESPEJO_PUBLIC_HOST === undefined ? `http://localhost:${e.PORT}` : `https://${e.ESPEJO_PUBLIC_HOST}`,
    oidc: readOidc(e),
    upstream:
      e.OPENAI_API_KEY === undefined && e.OPENAI_BASE_URL === undefined
        ? null
        : {
            baseUrl: e.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
            // Compatible servers often ask for no key; the SDK insists on some text.
            apiKey: e.OPENAI_API_KEY ?? 'none',
            organization: e.OPENAI_ORG_ID ?? null,
            project: e.OPENAI_PROJECT_ID ?? null,
          },
    syncCron: e.ESPEJO_SYNC_CRON,
    isSyncEnabled: e.ESPEJO_SYNC_ENABLED,
    removalGraceS: e.ESPEJO_REMOVAL_GRACE_S,
    expiry: {
      warnAheadS: e.ESPEJO_EXPIRY_WARN_DAYS * DAY_S,
      expiredRetentionMs: e.ESPEJO_EXPIRED_RETENTION_DAYS * DAY_S * 1000,
      trashRetentionMs: e.ESPEJO_TRASH_RETENTION_DAYS * DAY_S * 1000,
    },
    embeddings: readEmbeddings(e),
    logLevel: e.LOG_LEVEL,
    tracing: readTracing(e),
  };
}

/** An issuer knows us by an id and a secret; what is said of none of them would be set in vain. */
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
  return {
    issuer: ESPEJO_OIDC_ISSUER,
    clientId: ESPEJO_OIDC_CLIENT_ID,
    clientSecret: ESPEJO_OIDC_CLIENT_SECRET,
    name: e.ESPEJO_OIDC_NAME,
    allowedDomains: (e.ESPEJO_OIDC_ALLOWED_DOMAINS ?? '')
      .split(',')
      .map((domain) => domain.trim().toLowerCase())
      .filter((domain) => domain !== ''),
  };
}

/** A model needs an endpoint and a name; what is said of neither would be set in vain. */
function readEmbeddings(e: z.output<typeof Env>): EmbeddingsFromEnvironment | null {
  const names = ['EMBEDDINGS_BASE_URL', 'EMBEDDINGS_MODEL', 'EMBEDDINGS_API_KEY', 'EMBEDDINGS_DIMENSIONS'] as const;
  const given = names.filter((name) => e[name] !== undefined);
  if (given.length === 0) return null;
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

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether a host name or address, IPv6 with or without its brackets, is this machine and nothing else. */
export function isLoopback(host: string): boolean {
  const name = withoutBrackets(host).replace(/\.$/, '').toLowerCase();
  const family = isIP(name);
  return name === 'localhost' || (family !== 0 && LOOPBACK.check(name, family === 6 ? 'ipv6' : 'ipv4'));
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

/** The generated secret lives beside the data it protects, readable by its owner alone. */
function loadOrMakeSecret(dataDir: string): string {
  const path = join(dataDir, 'secret');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (!existsSync(path)) {
    try {
      writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (cause) {
      // Another process starting at the same moment may have made it first.
      if (!existsSync(path)) throw cause;
    }
  }
  return readFileSync(path, 'utf8').trim();
}
