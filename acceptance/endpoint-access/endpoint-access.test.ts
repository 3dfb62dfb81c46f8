import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../e2e/support/stack.ts';
import type { OpenApiDocument } from '../openapi/document.ts';
import { seededRandom } from '../support/seeded-random.ts';
import {
  type Combination,
  type CredentialCase,
  credentialCases,
  type Endpoint,
  FORWARDING_CASES,
  type ForwardingCase,
  type HostCase,
  hostCases,
  type Installation,
  NO_ORIGIN,
  NOT_FORWARDED,
  oddHostCases,
  originCases,
  PUBLIC_HOST,
} from './combinations.ts';
import { apiEndpoints, consoleEndpoints } from './endpoints.ts';
import { expectedOutcome } from './oracle.ts';
import { createRequestSender, inParallel } from './send-request.ts';

/** Tests the built console and the API, started as `npm start` does, through every endpoint. */

const API_KEY = 'acceptance-access-key-7d1f';
const OWNER = { name: 'Ana', email: 'ana@example.com', password: 'correct horse battery' };
const QUIET = { ESPEJO_SYNC_ENABLED: 'false', LOG_LEVEL: 'info' };
/** The header that any proxy adds. */
const FORWARDED: ForwardingCase = { headers: { 'x-forwarded-for': '203.0.113.9' }, namesOthers: true };
const SEED = 9;
const SAMPLE_SIZE = 500;
const { send, sendCombination, close } = createRequestSender();

interface Place {
  readonly installation: Installation;
  readonly ports: { readonly console: number; readonly api: number };
  readonly credentials: readonly CredentialCase[];
  readonly endpoints: readonly Endpoint[];
}
interface Knock {
  readonly endpoint: Endpoint;
  readonly request: Combination;
}

const stacks: Stack[] = [];
afterAll(async () => {
  close();
  await Promise.all(stacks.map((stack) => stack.stop()));
});

async function start(env: Readonly<Record<string, string>>) {
  const stack = await startStack({ env: { ...QUIET, ...env } });
  stacks.push(stack);
  const ports = { console: Number(new URL(stack.url).port), api: Number(new URL(stack.apiUrl).port) };
  const document = (await (await fetch(`${stack.apiUrl}/api/openapi.json`)).json()) as OpenApiDocument;
  const api = apiEndpoints(document);
  const endpoints = [
    ...api.map((endpoint): Endpoint => ({ ...endpoint, at: 'console' })),
    ...api.map((endpoint): Endpoint => ({ ...endpoint, at: 'api' })),
    ...consoleEndpoints(),
  ];
  return { ports, endpoints };
}

/** Sends requests and compares each answer with the oracle; reports the differences. */
async function expectOutcomes({ installation, ports }: Place, knocks: readonly Knock[]): Promise<void> {
  const wrong: string[] = [];
  await inParallel(knocks, async ({ endpoint, request }) => {
    const expected = expectedOutcome(installation, endpoint, request);
    const outcome = await sendCombination(ports[endpoint.at], endpoint, request);
    if (outcome === expected) return;
    const { host, origin, credential, forwarding } = request;
    const sent = JSON.stringify([host.text, origin, credential.headers, forwarding.headers]);
    wrong.push(`${endpoint.at} ${endpoint.method} ${endpoint.path}: ${outcome}, not ${expected}, to ${sent}`);
  });
  expect(knocks.length).toBeGreaterThan(0);
  expect(wrong.slice(0, 20)).toEqual([]);
}

/** A sample of a product that is too large for every run: always the same, or all of it with ESPEJO_ACCESS_COMBINATIONS=all. */
function sampled<T>(product: readonly T[]): T[] {
  if (process.env.ESPEJO_ACCESS_COMBINATIONS === 'all') return [...product];
  const random = seededRandom(SEED);
  return product.filter(() => random() < SAMPLE_SIZE / product.length);
}

/** A read and a change of each protocol. */
function mainEndpoints(at: Endpoint['at']): Endpoint[] {
  return (['api', 'v1'] as const).flatMap((protocol) => {
    const path = protocol === 'api' ? '/api/vector-stores' : '/v1/vector_stores';
    return ['GET', 'POST'].map((method): Endpoint => ({ at, protocol, method, path, isOpen: false }));
  });
}

function describeEndpoints(getPlace: () => Place): void {
  it.each(['console', 'api'] as const)(
    '%s: answers every host, origin and credential, forwarded or not, as the access table says',
    async (at) => {
      const place = getPlace();
      const forwardings = [NOT_FORWARDED, FORWARDED];
      const product = mainEndpoints(at).flatMap((endpoint) =>
        hostCases(place.ports[at]).flatMap((host) =>
          originCases(host).flatMap((origin) =>
            place.credentials.flatMap((credential) =>
              forwardings.map((forwarding) => ({ endpoint, request: { host, origin, credential, forwarding } })),
            ),
          ),
        ),
      );
      const odd = mainEndpoints(at).flatMap((endpoint) =>
        oddHostCases(place.ports[at]).flatMap((host) =>
          place.credentials.map((credential) => ({
            endpoint,
            request: { host, origin: NO_ORIGIN, credential, forwarding: NOT_FORWARDED },
          })),
        ),
      );
      await expectOutcomes(place, [...sampled(product), ...odd]);
    },
  );

  it.each(['console', 'api'] as const)(
    '%s: answers every forwarding header with every credential as the access table says',
    async (at) => {
      const place = getPlace();
      const host = ownHost(place, at);
      const knocks = mainEndpoints(at).flatMap((endpoint) =>
        place.credentials.flatMap((credential) =>
          FORWARDING_CASES.map((forwarding) => {
            const origin = endpoint.method === 'GET' ? NO_ORIGIN : (originCases(host)[1] ?? NO_ORIGIN);
            return { endpoint, request: { host, origin, credential, forwarding } };
          }),
        ),
      );
      await expectOutcomes(place, knocks);
    },
  );

  it('every endpoint answers its own page, a foreign host, another page and a proxy as the access table says', async () => {
    const place = getPlace();
    const withKind = (wanted: CredentialCase['kind']) => place.credentials.filter(({ kind }) => kind === wanted);
    const [none, odd, key] = [...withKind('none'), ...withKind('no-bearer').slice(0, 1), ...withKind('key')];
    if (none === undefined || odd === undefined || key === undefined) throw new Error('A credential is missing.');
    const foreign: HostCase = { kind: 'foreign', text: 'evil.example' };
    const knocks = place.endpoints.flatMap((endpoint) => {
      const host = ownHost(place, endpoint.at);
      const [, page = NO_ORIGIN, elsewhere = NO_ORIGIN] = originCases(host);
      const plain = { host, origin: page, credential: none, forwarding: NOT_FORWARDED };
      const requests: Combination[] = [
        plain,
        { ...plain, credential: key },
        { ...plain, forwarding: FORWARDED, credential: odd },
        { ...plain, origin: elsewhere },
        { ...plain, host: foreign, origin: NO_ORIGIN, credential: odd },
        { ...plain, host: foreign, origin: NO_ORIGIN, credential: key },
      ];
      // Pages do not depend on credentials and are slow to render: one request per page is enough.
      if (endpoint.protocol === 'page')
        requests.splice(endpoint.method === 'GET' ? 1 : 0, endpoint.method === 'GET' ? 2 : 3);
      return requests.map((request) => ({ endpoint, request }));
    });
    await expectOutcomes(place, knocks);
  });
}

/** The host name that this installation is reached under. */
function ownHost({ installation, ports }: Place, at: Endpoint['at']): HostCase {
  if (installation.publicHost !== null) return { kind: 'public', text: installation.publicHost };
  return { kind: 'loopback', text: `localhost:${ports[at]}` };
}

const cookiesOf = (headers: Readonly<Record<string, string | string[] | undefined>>) =>
  [headers['set-cookie'] ?? []]
    .flat()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');

describe('an installation on loopback', () => {
  let place: Place;

  beforeAll(async () => {
    const { ports, endpoints } = await start({});
    const { status, text } = await send(
      ports.api,
      { method: 'POST', path: '/api/api-keys' },
      { host: 'localhost' },
      JSON.stringify({ name: 'Acceptance', role: 'owner' }),
    );
    expect(status).toBe(201);
    const { key } = JSON.parse(text) as { key: string };
    place = {
      installation: { hasApiKey: false, hasAccount: false, publicHost: null, trustedProxies: 0 },
      ports,
      credentials: credentialCases(key, null),
      endpoints,
    };
  });

  describe('without an account', () => {
    describeEndpoints(() => place);

    it('tests every endpoint of the console build, the OpenAPI document and the OpenAI protocol', () => {
      const paths = new Set(place.endpoints.map(({ path }) => path));
      for (const path of ['/stores', '/sign-in', '/icon.svg', '/api/vector-stores', '/v1/files', '/']) {
        expect(paths).toContain(path);
      }
      expect(place.endpoints.length).toBeGreaterThan(250);
    });
  });

  describe('with an account', () => {
    beforeAll(async () => {
      const host = `localhost:${place.ports.console}`;
      const origin = `http://${host}`;
      const { status, headers } = await send(
        place.ports.console,
        { method: 'POST', path: '/api/setup' },
        { host, origin },
        JSON.stringify(OWNER),
      );
      expect(status).toBe(201);
      const key = place.credentials.find(({ kind }) => kind === 'key')?.headers.authorization?.slice('Bearer '.length);
      place = {
        ...place,
        installation: { ...place.installation, hasAccount: true },
        credentials: credentialCases(key ?? null, cookiesOf(headers)),
      };
    });

    describeEndpoints(() => place);

    it('limits sign-in attempts by the address of the connection, whatever X-Forwarded-For says', async () => {
      const host = `localhost:${place.ports.console}`;
      const codes: (string | undefined)[] = [];
      for (let attempt = 0; attempt < 14; attempt += 1) {
        const headers = { host, origin: `http://${host}`, 'x-forwarded-for': `203.0.113.${attempt}` };
        const body = JSON.stringify({ email: `nobody${attempt}@example.com`, password: 'a wrong password' });
        codes.push((await send(place.ports.console, { method: 'POST', path: '/api/sign-in' }, headers, body)).code);
      }
      expect(codes.at(-1)).toBe('sign_in_throttled');
    });
  });
});

describe('an installation on loopback with ESPEJO_API_KEY', () => {
  let place: Place;
  beforeAll(async () => {
    const { ports, endpoints } = await start({ ESPEJO_API_KEY: API_KEY });
    const installation = { hasApiKey: true, hasAccount: false, publicHost: null, trustedProxies: 0 };
    place = { installation, ports, credentials: credentialCases(API_KEY, null), endpoints };
  });
  describeEndpoints(() => place);
});

describe('an installation under a public name, behind one proxy', () => {
  let place: Place;
  const through = (headers: Readonly<Record<string, string>> = {}) => ({
    host: PUBLIC_HOST,
    origin: `https://${PUBLIC_HOST}`,
    'x-forwarded-for': '203.0.113.9',
    ...headers,
  });
  beforeAll(async () => {
    const { ports, endpoints } = await start({
      ESPEJO_API_KEY: API_KEY,
      ESPEJO_PUBLIC_HOST: PUBLIC_HOST,
      ESPEJO_TRUSTED_PROXIES: '1',
    });
    const installation = { hasApiKey: true, hasAccount: false, publicHost: PUBLIC_HOST, trustedProxies: 1 };
    place = { installation, ports, credentials: credentialCases(API_KEY, null), endpoints };
  });
  describeEndpoints(() => place);

  it('keeps an entered key in a Secure cookie even when no header says that the request came over https', async () => {
    const endpoint = { method: 'POST', path: '/api/session' };
    const body = JSON.stringify({ apiKey: API_KEY });
    const { status, headers } = await send(place.ports.console, endpoint, through(), body);
    expect(status).toBe(204);
    expect(String(headers['set-cookie'])).toMatch(/^espejo_key=.*; HttpOnly; SameSite=Strict; Secure$/);
    for (const origin of [`http://${PUBLIC_HOST}`, 'https://evil.example', 'null']) {
      const refused = await send(place.ports.console, endpoint, through({ origin }), body);
      expect(refused).toMatchObject({ status: 403, code: 'forbidden_origin' });
    }
    for (const host of ['evil.example', '']) {
      expect((await send(place.ports.console, { ...endpoint, method: 'DELETE' }, through({ host }))).status).toBe(403);
    }
  });

  it('records in sessions the address that the proxy saw and ignores what the client wrote before it', async () => {
    const setup = { method: 'POST', path: '/api/setup' };
    const headers = through({ authorization: `Bearer ${API_KEY}`, 'x-forwarded-for': '6.6.6.6, 203.0.113.9' });
    const made = await send(place.ports.console, setup, headers, JSON.stringify(OWNER));
    expect(made.status).toBe(201);
    const cookie = cookiesOf(made.headers);
    const { text } = await send(
      place.ports.console,
      { method: 'GET', path: '/api/account/sessions' },
      through({ cookie }),
    );
    expect((JSON.parse(text) as { data: { address: string }[] }).data.map(({ address }) => address)).toEqual([
      '203.0.113.9',
    ]);
  });
});
