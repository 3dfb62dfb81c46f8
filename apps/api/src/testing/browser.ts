import type { CurrentSession } from '@espejo/contracts';
import type { InjectOptions } from 'fastify';
import type { ApiHarness } from './whole-api-harness.ts';

export const PASSWORD = 'correct horse battery';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly code: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A browser at the console: it keeps cookies, and sets the origin of its requests. */
export interface TestBrowser {
  readonly cookies: Map<string, string>;
  send(
    method: NonNullable<InjectOptions['method']>,
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** A copy of the browser with its cookies, as for a thief. */
  copy(): TestBrowser;
}

export function createBrowser(
  api: ApiHarness,
  address = '127.0.0.1',
  kept: Iterable<[string, string]> = [],
): TestBrowser {
  const cookies = new Map(kept);
  return {
    cookies,
    async send(method, url, body, headers = {}) {
      const response = await api.send({
        method,
        url,
        remoteAddress: address,
        headers: {
          origin: 'http://localhost',
          host: 'localhost',
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: body as object }),
      });
      for (const { name, value, maxAge } of response.cookies) {
        if (maxAge === 0) cookies.delete(name);
        else cookies.set(name, encodeURIComponent(value));
      }
      const json: unknown = response.body === '' ? null : response.json();
      const code = (json as { error?: { code?: string } } | null)?.error?.code;
      return { status: response.statusCode, body: json, code, headers: response.headers };
    },
    copy: () => createBrowser(api, address, cookies),
  };
}

/** The first owner, Ana, in her browser. */
export async function setUp(api: ApiHarness): Promise<TestBrowser> {
  const browser = createBrowser(api);
  const { status } = await browser.send('POST', '/api/setup', {
    name: 'Ana',
    email: 'ana@example.com',
    password: PASSWORD,
  });
  if (status !== 201) throw new Error(`owner setup answered ${status}`);
  return browser;
}

/** A user whom an owner invites, in their own browser. */
export async function invite(
  api: ApiHarness,
  owner: TestBrowser,
  { email, role, address }: { readonly email: string; readonly role: string; readonly address?: string },
): Promise<TestBrowser> {
  const { body } = await owner.send('POST', '/api/invitations', { email, role });
  const browser = createBrowser(api, address);
  const { token } = body as { token: string };
  const joined = await browser.send('POST', '/api/invitations/accept', { token, name: email, password: PASSWORD });
  if (joined.status !== 200) throw new Error(`accepting answered ${joined.status}`);
  return browser;
}

export async function sessionOf(browser: TestBrowser): Promise<CurrentSession> {
  return (await browser.send('GET', '/api/session')).body as CurrentSession;
}
