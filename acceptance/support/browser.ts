import type { Espejo } from './espejo.ts';
import { type Answer, send } from './http.ts';

export const PASSWORD = 'correct horse battery';

/** A simulated browser on a page of the API's own origin: it stores cookies and sends its origin. */
export interface Browser {
  readonly cookies: Map<string, string>;
  request(method: string, path: string, json?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** A copy of the browser with its current cookies, as a thief would have. */
  copy(): Browser;
}

export function openBrowser(espejo: Pick<Espejo, 'url'>, kept: Iterable<[string, string]> = []): Browser {
  const cookies = new Map(kept);
  return {
    cookies,
    async request(method, path, json, headers = {}) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await send(espejo.url, method, path, {
        ...(json === undefined ? {} : { json }),
        headers: { origin: espejo.url, ...(cookie !== '' && { cookie }), ...headers },
      });
      for (const set of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        if (/Max-Age=0/.test(set)) cookies.delete(name);
        else cookies.set(name, value);
      }
      return answer;
    },
    copy: () => openBrowser(espejo, cookies),
  };
}

/** Creates the first owner, Ana. The installation has no key, so requests of this machine may do so. */
export async function setUpOwner(espejo: Espejo): Promise<Browser> {
  const browser = openBrowser(espejo);
  const body = { name: 'Ana', email: 'ana@example.com', password: PASSWORD };
  const { status, text } = await browser.request('POST', '/api/setup', body);
  if (status !== 201) throw new Error(`owner setup answered ${status}: ${text}`);
  return browser;
}

/** A user who accepts an invitation, with a new browser. */
export async function join(espejo: Espejo, owner: Browser, who: { email: string; role: string }): Promise<Browser> {
  const { json } = await owner.request('POST', '/api/invitations', who);
  const browser = openBrowser(espejo);
  const body = { token: (json as { token: string }).token, name: who.email, password: PASSWORD };
  const { status, text } = await browser.request('POST', '/api/invitations/accept', body);
  if (status !== 200) throw new Error(`accepting answered ${status}: ${text}`);
  return browser;
}
