import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, freePort, runEspejoToItsEnd, startEspejo } from '../support/espejo.ts';
import { syncOk } from '../support/sync.ts';

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.seed({ stores: 2, filesPerStore: 1 });
});
afterAll(() => sandbox?.close());

describe('without a key configured', () => {
  let espejo: Espejo;
  beforeAll(async () => {
    espejo = await startEspejo({
      apiKey: null,
      env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-any', ESPEJO_SYNC_ENABLED: 'false' },
    });
  });
  afterAll(() => espejo?.[Symbol.asyncDispose]());

  /** `fetch` cannot set the Host header. */
  const ask = (headers: Record<string, string>, method = 'GET', path = '/api/connections') =>
    new Promise<{ status: number; code: string | undefined }>((resolve, reject) => {
      const request = httpRequest(
        { host: '127.0.0.1', port: espejo.port, path, method, headers, setHost: false },
        (response) => {
          let text = '';
          response.on('data', (chunk) => {
            text += String(chunk);
          });
          response.on('end', () => resolve({ status: response.statusCode ?? 0, code: JSON.parse(text).error?.code }));
        },
      );
      request.on('error', reject);
      request.end();
    });

  it.each([
    'localhost',
    'localhost:4000',
    'LocalHost',
    'localhost.',
    '127.0.0.1:80',
    '127.0.0.53',
    '[::1]',
    '[::1]:4000',
    '[0:0:0:0:0:0:0:1]:4000',
    '[::ffff:127.0.0.1]',
  ])('answers requests of this machine with Host %s', async (host) => {
    expect(await ask({ host })).toEqual({ status: 200, code: undefined });
  });

  it.each([
    'evil.example',
    'evil.example:4000',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil.example#localhost',
    'localhost@evil.example',
    'evil.example/localhost',
    '128.0.0.1',
    '10.0.0.1',
    '0.0.0.0',
    '[::]',
    '[::2]:4000',
    '[fe80::1]',
    '[::ffff:10.0.0.1]',
    '[::1',
    '::1',
    '1',
    'xn--localhost-',
  ])('rejects a foreign name (DNS rebinding): Host %s', async (host) => {
    expect(await ask({ host })).toEqual({ status: 403, code: 'forbidden_origin' });
  });

  it.each(['localhost', 'localhost:4000', '127.0.0.1:4000', '[::1]:4000'])(
    'answers a page of the API itself at http://%s',
    async (host) => {
      expect((await ask({ host, origin: `http://${host}` })).status).toBe(200);
    },
  );

  it.each([
    'http://localhost:3000',
    'http://127.0.0.1',
    'https://localhost',
    'https://evil.example',
    'http://localhost.evil.example',
    'null',
    '',
    'file://',
    'http://10.0.0.1',
    'chrome-extension://localhost',
    'http://127.0.0.1.evil.example:4000',
  ])('rejects reads and writes of a page of another site: Origin %s', async (origin) => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      expect(await ask({ host: 'localhost', origin }, method)).toEqual({ status: 403, code: 'forbidden_origin' });
    }
  });

  it('rejects a cross-site request without an Origin header', async () => {
    expect(await ask({ host: 'localhost', 'sec-fetch-site': 'cross-site' })).toEqual({
      status: 403,
      code: 'forbidden_origin',
    });
    expect((await ask({ host: 'localhost', 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await ask({ host: 'localhost', 'sec-fetch-site': 'none' })).status).toBe(200);
    expect((await ask({ host: 'localhost', 'sec-fetch-site': 'same-site' })).status).toBe(403);
  });

  it('rejects any key as wrong', async () => {
    expect(await ask({ host: 'localhost', authorization: 'Bearer anything' })).toEqual({
      status: 401,
      code: 'unauthorized',
    });
  });

  it('listens on loopback only', async () => {
    await syncOk(espejo);
    const listening = readFileSync('/proc/net/tcp', 'utf8') + readFileSync('/proc/net/tcp6', 'utf8');
    const port = espejo.port.toString(16).toUpperCase().padStart(4, '0');
    const addresses = [...listening.matchAll(new RegExp(`\\d+: ([0-9A-F]+):${port} \\S+ 0A`, 'g'))].map(
      (match) => match[1],
    );
    expect(addresses).toEqual(['0100007F']);
  });

  it('forbids framing, sniffing and caching of its answers', async () => {
    const answer = await espejo.request('GET', '/api/connections');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('the data folder', () => {
  it.each([
    ['that it makes', (parent: string) => join(parent, 'new', 'data')],
    [
      'that was there, open to all',
      (parent: string) => {
        const path = join(parent, 'open');
        mkdirSync(path, { mode: 0o755 });
        return path;
      },
    ],
  ])('%s is readable by its owner only', async (_, makePath) => {
    const parent = mkdtempSync(join(tmpdir(), 'espejo-modes-'));
    const dataDir = makePath(parent);
    try {
      await using espejo = await startEspejo({
        dataDir,
        env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-any', ESPEJO_SYNC_ENABLED: 'false' },
      });
      await syncOk(espejo);
      const names = readdirSync(dataDir);
      expect(names).toEqual(expect.arrayContaining(['secret', 'espejo.db']));
      for (const name of names) {
        const stats = statSync(join(dataDir, name));
        expect({ name, mode: (stats.mode & 0o777).toString(8) }).toEqual({
          name,
          mode: stats.isDirectory() ? '700' : '600',
        });
      }
      if (dataDir.includes('new')) expect((statSync(dataDir).mode & 0o777).toString(8)).toBe('700');
    } finally {
      rmSync(parent, { recursive: true, force: true });
    }
  });
});

describe('an invalid configuration', () => {
  // One start each; every variable has a case in apps/api/src/config.test.ts.
  const cases: [string, Record<string, string>, RegExp[]][] = [
    ['open to the network without a key', { ESPEJO_HOST: '0.0.0.0' }, [/ESPEJO_HOST=0\.0\.0\.0/, /ESPEJO_API_KEY/]],
    ['a port that is none', { API_PORT: 'abc' }, [/API_PORT/, /port number/]],
    [
      'a malformed cron and an unusable base URL',
      { ESPEJO_SYNC_CRON: 'nonsense', OPENAI_BASE_URL: 'http://me:hunter2@127.0.0.1/v1' },
      [/ESPEJO_SYNC_CRON.*cron/, /OPENAI_BASE_URL.*password/],
    ],
  ];
  it.each(cases)('stops the start with the name of the variable: %s', async (_, env, named) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'espejo-refused-'));
    try {
      const { code, log } = await runEspejoToItsEnd({
        API_PORT: String(await freePort()),
        ESPEJO_DATA_DIR: dataDir,
        ...env,
      });
      expect(code).toBe(1);
      for (const pattern of named) expect(log).toMatch(pattern);
      // No secret of the environment, and no stack trace.
      expect(log).not.toMatch(/hunter2|\n\s+at /);
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
