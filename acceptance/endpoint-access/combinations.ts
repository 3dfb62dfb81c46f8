/** The configuration of a running Espejo, as far as access depends on it. */
export interface Installation {
  readonly hasApiKey: boolean;
  readonly hasAccount: boolean;
  readonly publicHost: string | null;
  readonly trustedProxies: number;
}

export interface Endpoint {
  /** Which of the two servers gets the request. */
  readonly at: 'console' | 'api';
  readonly protocol: 'page' | 'api' | 'v1';
  readonly method: string;
  readonly path: string;
  /** Public: answered without credentials. */
  readonly isOpen: boolean;
  readonly contentType?: string;
}

export interface Combination {
  readonly host: HostCase;
  readonly origin: OriginCase;
  readonly credential: CredentialCase;
  readonly forwarding: ForwardingCase;
}

export interface HostCase {
  readonly kind: 'loopback' | 'public' | 'foreign';
  readonly text: string;
}
export interface OriginCase {
  /** The `Origin` header; null: none. */
  readonly origin: string | null;
  readonly fetchSite: 'same-origin' | 'same-site' | 'cross-site' | null;
}
export interface CredentialCase {
  readonly kind: 'none' | 'no-bearer' | 'wrong-bearer' | 'wrong-key' | 'key' | 'key-cookie' | 'session';
  readonly headers: Readonly<Record<string, string>>;
}
export interface ForwardingCase {
  readonly headers: Readonly<Record<string, string>>;
  /** Names an address or host other than this machine. */
  readonly namesOthers: boolean;
  /** What `X-Forwarded-Host` names. */
  readonly forwardedHost?: HostCase;
  /** Claims to come from the console without a valid token. */
  readonly isConsoleMark?: boolean;
}

export const PUBLIC_HOST = 'espejo.example';

export function hostCases(port: number): HostCase[] {
  return [
    { kind: 'loopback', text: `localhost:${port}` },
    { kind: 'loopback', text: `127.0.0.1:${port}` },
    { kind: 'loopback', text: `[::1]:${port}` },
    { kind: 'loopback', text: `LOCALHOST:${port}` },
    { kind: 'public', text: PUBLIC_HOST },
    { kind: 'foreign', text: `evil.example:${port}` },
    { kind: 'foreign', text: 'localhost.evil.example' },
    { kind: 'foreign', text: `[::ffff:10.0.0.1]:${port}` },
  ];
}

/** Malformed or unusual host values. */
export function oddHostCases(port: number): HostCase[] {
  const texts = ['', 'localhost@evil.example', `2130706433:${port}`, `0x7f.1:${port}`, '127.1', '::1', 'localhost/x'];
  return texts.map((text) => ({ kind: 'foreign', text }));
}

export const NO_ORIGIN: OriginCase = { origin: null, fetchSite: null };

/** Origins of pages that send a request to `host`. A page of a foreign host is same-origin to its browser (DNS rebinding). */
export function originCases({ kind, text }: HostCase): OriginCase[] {
  const [scheme, other] = kind === 'public' ? ['https', 'http'] : ['http', 'https'];
  return [
    NO_ORIGIN,
    { origin: `${scheme}://${text.toLowerCase()}`, fetchSite: 'same-origin' },
    { origin: 'https://evil.example', fetchSite: 'cross-site' },
    { origin: 'http://localhost:1', fetchSite: 'same-site' },
    { origin: 'null', fetchSite: null },
    { origin: `${other}://${text.toLowerCase()}`, fetchSite: null },
  ];
}

export function credentialCases(key: string | null, sessionCookie: string | null): CredentialCase[] {
  return [
    { kind: 'none', headers: {} },
    { kind: 'no-bearer', headers: { authorization: 'x' } },
    { kind: 'no-bearer', headers: { authorization: 'Basic eDp5' } },
    { kind: 'wrong-bearer', headers: { authorization: 'Bearer x' } },
    { kind: 'wrong-key', headers: { authorization: 'Bearer esp_00000000000000000000000000000000' } },
    ...(key === null
      ? []
      : ([
          { kind: 'key', headers: { authorization: `Bearer ${key}` } },
          { kind: 'key-cookie', headers: { cookie: `espejo_key=${key}` } },
          { kind: 'key-cookie', headers: { cookie: `espejo_key=${key}`, authorization: 'Basic eDp5' } },
        ] as const)),
    ...(sessionCookie === null
      ? []
      : ([
          { kind: 'session', headers: { cookie: sessionCookie } },
          { kind: 'session', headers: { cookie: sessionCookie, authorization: 'Basic eDp5' } },
        ] as const)),
  ];
}

export const NOT_FORWARDED: ForwardingCase = { headers: {}, namesOthers: false };
const named = (name: string, value: string): ForwardingCase => ({ headers: { [name]: value }, namesOthers: true });

export const FORWARDING_CASES: readonly ForwardingCase[] = [
  NOT_FORWARDED,
  { headers: { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' }, namesOthers: false },
  { headers: { forwarded: 'for=127.0.0.1;host=localhost' }, namesOthers: false },
  named('x-forwarded-for', '203.0.113.9'),
  named('x-forwarded-for', '203.0.113.9, 127.0.0.1'),
  named('x-forwarded-for', '127.0.0.1, 203.0.113.9'),
  named('x-real-ip', '203.0.113.9'),
  named('forwarded', 'for=203.0.113.9;proto=https'),
  named('forwarded', 'for=_hidden'),
  named('via', '1.1 proxy.example'),
  named('cf-connecting-ip', '203.0.113.9'),
  named('true-client-ip', '203.0.113.9'),
  named('x-client-ip', '203.0.113.9'),
  named('x-original-host', PUBLIC_HOST),
  named('x-forwarded-server', 'proxy.example'),
  { ...named('x-forwarded-host', 'evil.example'), forwardedHost: { kind: 'foreign', text: 'evil.example' } },
  { ...named('x-forwarded-host', PUBLIC_HOST), forwardedHost: { kind: 'public', text: PUBLIC_HOST } },
  {
    headers: { 'x-forwarded-host': 'localhost' },
    namesOthers: false,
    forwardedHost: { kind: 'loopback', text: 'localhost' },
  },
  { headers: { 'x-espejo-console': 'forged' }, namesOthers: false, isConsoleMark: true },
  { headers: { 'x-espejo-console': 'none' }, namesOthers: false, isConsoleMark: true },
];
