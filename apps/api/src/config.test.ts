import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

/** A new folder, and a secret, so that nothing is written unless the test needs it. */
function load(env: Record<string, string | undefined> = {}) {
  return loadConfig({ ESPEJO_DATA_DIR: '/nowhere', ESPEJO_SECRET: 'x'.repeat(16), ...env });
}

describe('without any variable', () => {
  it('everything has its default, and the sandbox is the connection', () => {
    expect(load()).toEqual({
      host: '127.0.0.1',
      port: 4000,
      dataDir: '/nowhere',
      secret: 'x'.repeat(16),
      apiKey: null,
      consoleToken: null,
      publicHost: null,
      trustedProxies: 0,
      corsOrigins: [],
      publicUrl: 'http://localhost:3000',
      oidc: null,
      upstream: null,
      isPrivateUpstreamAllowed: false,
      syncCron: '*/5 * * * *',
      isSyncEnabled: true,
      removalGraceS: 3600,
      expiry: { warnAheadS: 7 * 86_400, expiredRetentionMs: 30 * 86_400_000, trashRetentionMs: 30 * 86_400_000 },
      embeddings: null,
      recognition: null,
      parsing: { timeoutMs: 20_000, memoryMb: 640 },
      logLevel: 'info',
      tracing: null,
    });
  });

  it('an empty variable counts as unset', () => {
    expect(
      load({ API_PORT: '', ESPEJO_API_KEY: '', OPENAI_API_KEY: '', OPENAI_BASE_URL: '', ESPEJO_SYNC_CRON: '' }),
    ).toEqual(load());
  });
});

describe('tracing', () => {
  it.each([
    [{}, null],
    [{ OTEL_TRACES_SAMPLER: 'always_on' }, null],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }, { sampler: 'parentbased_always_on', ratio: 1 }],
    [
      {
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://otel.example/v1/traces',
        OTEL_TRACES_SAMPLER: 'traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.25',
      },
      { sampler: 'traceidratio', ratio: 0.25 },
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_SDK_DISABLED: 'true' }, null],
  ])('is read from %j', (env, tracing) => {
    expect(load(env).tracing).toEqual(tracing);
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector'],
    ['OTEL_TRACES_SAMPLER', 'sometimes'],
    ['OTEL_TRACES_SAMPLER_ARG', '2'],
  ])('rejects %s=%s by name', (name, value) => {
    expect(messageOf({ [name]: value })).toContain(name);
  });
});

describe('the upstream of the environment', () => {
  it.each([
    [
      { OPENAI_API_KEY: ' sk-1 ' },
      { baseUrl: 'https://api.openai.com/v1', apiKey: 'sk-1', organization: null, project: null },
    ],
    [
      { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' },
      { baseUrl: 'http://127.0.0.1:1/v1', apiKey: 'none', organization: null, project: null },
    ],
    [
      { OPENAI_API_KEY: 'k', OPENAI_ORG_ID: 'org-1', OPENAI_PROJECT_ID: 'proj_1' },
      { baseUrl: 'https://api.openai.com/v1', apiKey: 'k', organization: 'org-1', project: 'proj_1' },
    ],
  ])('is read from %j', (env, upstream) => {
    expect(load(env).upstream).toEqual(upstream);
  });

  it('is absent with an organization only', () => {
    expect(load({ OPENAI_ORG_ID: 'org-1' }).upstream).toBeNull();
  });
});

describe('embeddings', () => {
  const model = { EMBEDDINGS_BASE_URL: 'http://localhost:11434/v1', EMBEDDINGS_MODEL: 'nomic-embed-text' };

  it('use the built-in model unless an endpoint and a model are named', () => {
    expect(load({}).embeddings).toBeNull();
    expect(load({ EMBEDDINGS_MODEL: '' }).embeddings).toBeNull();
    expect(load(model).embeddings).toEqual({
      baseUrl: 'http://localhost:11434/v1',
      model: 'nomic-embed-text',
      apiKey: null,
      dimensions: null,
    });
    const more = { ...model, EMBEDDINGS_API_KEY: 'sk-e', EMBEDDINGS_DIMENSIONS: '256' };
    expect(load(more).embeddings).toMatchObject({ apiKey: 'sk-e', dimensions: 256 });
  });

  it.each(['EMBEDDINGS_BASE_URL', 'EMBEDDINGS_MODEL'] as const)('require %s', (name) => {
    const { [name]: _, ...rest } = { ...model, EMBEDDINGS_DIMENSIONS: '256' };
    expect(messageOf(rest)).toContain(name);
  });

  it('may use a model in a folder, which needs no endpoint', () => {
    expect(load({ EMBEDDINGS_MODEL: 'file:/models/potion' }).embeddings).toEqual({ folder: '/models/potion' });
    expect(load({ EMBEDDINGS_MODEL: 'file:///models/potion' }).embeddings).toEqual({ folder: '/models/potion' });
    expect(load({ EMBEDDINGS_MODEL: 'file:models/potion' }).embeddings).toEqual({ folder: resolve('models/potion') });
    expect(messageOf({ EMBEDDINGS_MODEL: 'file:' })).toMatch(/EMBEDDINGS_MODEL: file: must be followed by the folder/);
    expect(messageOf({ ...model, EMBEDDINGS_MODEL: 'file:/models/potion' })).toMatch(
      /EMBEDDINGS_BASE_URL: a model in a folder/,
    );
  });
});

describe('flags', () => {
  it.each([
    ['true', true],
    ['1', true],
    ['yes', true],
    ['on', true],
    ['false', false],
    ['0', false],
    ['no', false],
    ['off', false],
  ])('parse ESPEJO_SYNC_ENABLED=%s', (text, expected) => {
    expect(load({ ESPEJO_SYNC_ENABLED: text }).isSyncEnabled).toBe(expected);
  });
});

describe('sign-in through an issuer', () => {
  const oidc = (fields: Record<string, string>) =>
    load({
      ESPEJO_OIDC_ISSUER: 'https://login.example.com',
      ESPEJO_OIDC_CLIENT_ID: 'espejo',
      ESPEJO_OIDC_CLIENT_SECRET: 'secret',
      ...fields,
    }).oidc;

  it('accepts domains as they appear after the @', () => {
    expect(oidc({ ESPEJO_OIDC_ALLOWED_DOMAINS: ' Example.com, example.ORG,' })?.allowedDomains).toEqual([
      'example.com',
      'example.org',
    ]);
  });

  it.each(['@example.com', '*.example.com', 'ana@example.com', 'example', 'exámple.com'])(
    'rejects %j as a domain',
    (list) => {
      expect(() => oidc({ ESPEJO_OIDC_ALLOWED_DOMAINS: list })).toThrow(/is not a domain/);
    },
  );

  it.each(['http://localhost:9000', 'http://127.0.0.1/realm', 'https://login.example.com/realm'])(
    'accepts the issuer %s',
    (issuer) => {
      expect(oidc({ ESPEJO_OIDC_ISSUER: issuer })?.issuer).toBe(issuer);
    },
  );

  it.each([
    'http://login.example.com',
    'http://10.0.0.5',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
  ])('rejects the issuer %s, which is not https', (issuer) => {
    expect(() => oidc({ ESPEJO_OIDC_ISSUER: issuer })).toThrow(/https address/);
  });
});

describe('invalid configuration', () => {
  it.each([
    ['API_PORT', 'abc', /number/],
    ['API_PORT', '65536', /65535/],
    ['API_PORT', '-1', /0/],
    ['API_PORT', '80.5', /int/],
    ['ESPEJO_SECRET', 'short', /16 characters/],
    ['ESPEJO_API_KEY', 'password', /openssl rand/],
    ['ESPEJO_API_KEY', 'fifteen-chars-x', /16 characters/],
    ['ESPEJO_API_KEY', 'passwordpassword', /8 of them different/],
    ['ESPEJO_API_KEY', 'a'.repeat(64), /8 of them different/],
    ['ESPEJO_API_KEY', 'has a space', /spaces/],
    ['ESPEJO_API_KEY', 'schlüssel-ä', /ASCII/],
    ['ESPEJO_API_KEY', 'new\nline-key', /ASCII/],
    ['OPENAI_BASE_URL', 'api.openai.com', /http or https/],
    ['OPENAI_BASE_URL', 'ftp://host/v1', /http or https/],
    ['OPENAI_BASE_URL', 'https://user:secret@host/v1', /password/],
    ['OPENAI_BASE_URL', 'https://host/v1?a=1', /query/],
    ['ESPEJO_SYNC_CRON', 'nonsense', /cron/],
    ['ESPEJO_SYNC_CRON', '60 * * * *', /cron/],
    ['ESPEJO_SYNC_ENABLED', 'maybe', /./],
    ['ESPEJO_REMOVAL_GRACE_S', '-1', /0/],
    ['ESPEJO_REMOVAL_GRACE_S', 'an hour', /number/],
    ['EMBEDDINGS_DIMENSIONS', '0', /1/],
    ['ESPEJO_PARSE_TIMEOUT_S', '0', /1/],
    ['ESPEJO_PARSE_MEMORY_MB', '64', /256/],
    ['ESPEJO_TRUSTED_PROXIES', '-1', /0/],
    ['ESPEJO_TRUSTED_PROXIES', '100', /99/],
    ['ESPEJO_TRUSTED_PROXIES', 'all', /number/],
    ['LOG_LEVEL', 'loud', /debug/],
  ])('of %s=%j is rejected by its name, with the allowed values', (name, value, reason) => {
    const refused = messageOf({ [name]: value });
    expect(refused).toContain(`  ${name}: `);
    expect(refused).toMatch(reason);
    expect(refused).not.toContain('secret@');
  });

  it('is reported for every variable at once', () => {
    expect(messageOf({ API_PORT: 'x', LOG_LEVEL: 'y', ESPEJO_SYNC_CRON: 'z' }).split('\n')).toHaveLength(4);
  });

  it('opening Espejo to the network without a key', () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'espejo.example']) {
      const refused = messageOf({ ESPEJO_HOST: host });
      expect(refused).toContain(`ESPEJO_HOST=${host}`);
      expect(refused).toContain('ESPEJO_API_KEY');
      expect(load({ ESPEJO_HOST: host, ESPEJO_API_KEY: 'a-long-enough-key' }).host).toBe(host);
    }
    for (const host of ['localhost', '127.0.0.2', '::1', '[::1]'])
      expect(load({ ESPEJO_HOST: host }).apiKey).toBeNull();
    for (const host of ['127.1', '::ffff:10.0.0.1', 'localhost.evil.example'])
      expect(messageOf({ ESPEJO_HOST: host })).toContain('ESPEJO_API_KEY');
    // A listen address has no brackets.
    expect(load({ ESPEJO_HOST: '[::1]' }).host).toBe('::1');
  });
});

it.each([
  ['ESPEJO_PUBLIC_HOST', 'espejo.example'],
  ['ESPEJO_TRUSTED_PROXIES', '1'],
])('rejects %s=%s without a key, however Espejo is started', (name, value) => {
  expect(messageOf({ [name]: value })).toContain(`${name}=${value} would open Espejo to others without a key`);
  expect(load({ [name]: value, ESPEJO_API_KEY: 'a-long-enough-key' }).apiKey).toBe('a-long-enough-key');
});

it('uses the secret of the environment, and leaves the one in the data folder to the code that opens the folder', () => {
  expect(load().secret).toBe('x'.repeat(16));
  expect(load({ ESPEJO_SECRET: undefined }).secret).toBeNull();
});

function messageOf(env: Record<string, string>): string {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error(`${JSON.stringify(env)} was accepted`);
}
