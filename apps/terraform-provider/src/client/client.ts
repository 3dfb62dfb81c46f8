import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isUnknown, type Log, type ObjectValue, PluginError } from '@espejo/terraform-plugin';
import { createEspejoApi, type EspejoApi } from './espejo.ts';
import { createHttpClient } from './http.ts';
import { openJournal } from './journal.ts';
import { createKeyedMutex } from './keyed-mutex.ts';
import { createOpenAi, type OpenAi } from './openai.ts';
import type { Store } from './rows.ts';
import type { Send } from './send.ts';

const BASE_URL_DEFAULT = 'https://api.openai.com/v1';
const CONCURRENCY_DEFAULT = 10;
const REQUEST_TIMEOUT_S_DEFAULT = 300;

export interface Client {
  readonly openai: OpenAi;
  readonly espejo: EspejoApi;
  readonly baseUrl: string;
  sleep(ms: number): Promise<void>;
  nowMs(): number;
  /** A store as first read in this run, for plan checks that need no newer state. */
  peekStore(id: string): Promise<Store | undefined>;
  /** Serialises calls with the same key. */
  readonly exclusively: <T>(key: string, work: () => Promise<T>) => Promise<T>;
  close(): void;
}

export type Env = Readonly<Record<string, string | undefined>>;

/** The API key of the configuration or the environment, to redact it in output. */
export function apiKeyOf(config: ObjectValue, env: Env): string | null {
  return textOf(config, 'api_key') ?? (env.OPENAI_API_KEY || null);
}

export interface ConnectOptions {
  readonly env: Env;
  readonly version: string;
  readonly terraformVersion: string;
  readonly log: Log;
  readonly send: Send;
}

/** A client from the provider's configuration, with defaults from the environment. */
export function connectClient(
  config: ObjectValue,
  { env, version, terraformVersion, log, send }: ConnectOptions,
): Client {
  for (const [name, value] of Object.entries(config)) {
    if (isUnknown(value)) {
      throw new PluginError(
        'The provider is not configured yet',
        `'${name}' of the provider depends on a resource that this run creates, so it is unknown at plan. Apply that resource first (terraform apply -target=…), or set the value in the environment.`,
      );
    }
  }
  const baseUrl = (textOf(config, 'base_url') ?? (env.OPENAI_BASE_URL || BASE_URL_DEFAULT)).replace(/\/+$/, '');
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    throw new PluginError('Invalid base_url', `'${baseUrl}' is not an address such as ${BASE_URL_DEFAULT}.`, {
      attribute: 'base_url',
    });
  }
  const apiKey = apiKeyOf(config, env);
  if (apiKey === null && new URL(baseUrl).hostname === 'api.openai.com') {
    throw new PluginError('No API key', 'Set OPENAI_API_KEY in the environment, or api_key of the provider.', {
      attribute: 'api_key',
    });
  }
  const stopping = new AbortController();
  const sleep = async (ms: number): Promise<void> => {
    await delay(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  };
  const http = createHttpClient({
    baseUrl,
    apiKey,
    organization: textOf(config, 'organization') ?? (env.OPENAI_ORG_ID || null),
    project: textOf(config, 'project') ?? (env.OPENAI_PROJECT_ID || null),
    userAgent: `terraform-provider-openai/${version} terraform/${terraformVersion}`,
    concurrencyMax: numberOf(config, 'max_concurrency') ?? CONCURRENCY_DEFAULT,
    requestTimeoutMs: (numberOf(config, 'request_timeout_seconds') ?? REQUEST_TIMEOUT_S_DEFAULT) * 1000,
    signal: stopping.signal,
    send,
    sleep,
    random: Math.random,
    nowMs: Date.now,
    log: (message, fields) => log('debug', message, fields),
  });
  const journal = openJournal(env.TF_DATA_DIR || join(process.cwd(), '.terraform'), process.pid, isAlive);
  const openai = createOpenAi({ http, journal, sleep });
  const peeked = new Map<string, Promise<Store | undefined>>();
  return {
    openai,
    espejo: createEspejoApi(http),
    baseUrl,
    sleep,
    nowMs: Date.now,
    peekStore(id) {
      const known = peeked.get(id) ?? openai.findStore(id);
      peeked.set(id, known);
      return known;
    },
    exclusively: createKeyedMutex(),
    close() {
      stopping.abort(new PluginError('Stopped', 'The provider was stopped.'));
      journal.end();
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && Reflect.get(cause, 'code') === 'EPERM';
  }
}

function textOf(config: ObjectValue, name: string): string | null {
  const value = config[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

function numberOf(config: ObjectValue, name: string): number | null {
  const value = config[name];
  return typeof value === 'number' ? value : null;
}
