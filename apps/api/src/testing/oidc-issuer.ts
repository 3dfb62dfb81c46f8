import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export const OIDC_CLIENT = { id: 'espejo', secret: 'issuer-secret' } as const;

export interface OidcPerson {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name?: string;
}

export interface OidcIssuer {
  readonly url: string;
  /** What the issuer's own page does when somebody signed in there: where it sends the browser back to. */
  signIn(authorizationUrl: string, person: OidcPerson): string;
}

/** An OIDC issuer as small as one can be: discovery, tokens for codes it gave out, with PKCE, and user info. */
export async function startOidcIssuer(): Promise<OidcIssuer> {
  const codes = new Map<string, { person: OidcPerson; challenge: string; redirectUri: string }>();
  const tokens = new Map<string, OidcPerson>();
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/.well-known/openid-configuration') {
      answer(200, {
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        userinfo_endpoint: `${url}/userinfo`,
      });
    } else if (request.url === '/token') {
      const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
      const known = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      const isClient = form.get('client_id') === OIDC_CLIENT.id && form.get('client_secret') === OIDC_CLIENT.secret;
      if (known?.challenge !== challenge || known.redirectUri !== form.get('redirect_uri') || !isClient) {
        answer(400, { error: 'invalid_grant' });
        return;
      }
      const token = randomUUID();
      tokens.set(token, known.person);
      answer(200, { access_token: token, token_type: 'Bearer', expires_in: 60 });
    } else if (request.url === '/userinfo') {
      const person = tokens.get((request.headers.authorization ?? '').replace('Bearer ', ''));
      answer(person === undefined ? 401 : 200, person ?? { error: 'invalid_token' });
    } else answer(404, {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    signIn(authorizationUrl, person) {
      const { searchParams } = new URL(authorizationUrl);
      const code = randomUUID();
      const redirectUri = searchParams.get('redirect_uri') ?? '';
      codes.set(code, { person, challenge: searchParams.get('code_challenge') ?? '', redirectUri });
      const back = new URL(redirectUri);
      back.searchParams.set('code', code);
      back.searchParams.set('state', searchParams.get('state') ?? '');
      return back.href;
    },
  };
}
