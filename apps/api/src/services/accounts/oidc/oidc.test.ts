import type { CreatedInvitation, CurrentSession, MemberList } from '@espejo/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  createBrowser,
  invite,
  PASSWORD,
  sessionOf,
  setUp,
  type TestBrowser,
} from '../../../testing/browser.ts';
import {
  type Forgery,
  OIDC_CLIENT,
  type OidcIssuer,
  type OidcPerson,
  startOidcIssuer,
} from '../../../testing/oidc-issuer.ts';
import { type ApiHarness, createApiHarness } from '../../../testing/whole-api-harness.ts';

let issuer: OidcIssuer;
let api: ApiHarness;
let ana: TestBrowser;
beforeEach(async () => {
  issuer = await startOidcIssuer(() => api.clock.nowMs());
  api = await createApiHarness(Date.UTC(2027, 0, 15), {
    ESPEJO_OIDC_ISSUER: issuer.url,
    ESPEJO_OIDC_CLIENT_ID: OIDC_CLIENT.id,
    ESPEJO_OIDC_CLIENT_SECRET: OIDC_CLIENT.secret,
    ESPEJO_OIDC_NAME: 'Acme SSO',
    ESPEJO_OIDC_ALLOWED_DOMAINS: 'acme.example, ACME.org',
  });
  ana = await setUp(api);
});

const person = (email: string, fields: Partial<OidcPerson> = {}): OidcPerson => ({
  sub: `sub of ${email}`,
  email,
  email_verified: true,
  name: 'Somebody',
  ...fields,
});

/** Runs a whole sign-in and returns where it ended. */
async function signInAs(browser: TestBrowser, who: OidcPerson, forgery?: Forgery): Promise<string> {
  const started = await browser.send('GET', '/api/auth/sign-in/oidc');
  return comeBack(browser, issuer.signIn(locationOf(started), who, forgery));
}

/** Accepts the one invitation that is shown after sign-in. */
async function join(browser: TestBrowser): Promise<CurrentSession> {
  const [asked] = (await sessionOf(browser)).invitations;
  return (await browser.send('POST', `/api/account/invitations/${asked?.id}/accept`)).body as CurrentSession;
}

/** The audited reasons of rejected sign-ins through the issuer. */
async function refusals(): Promise<unknown[]> {
  const { body } = await ana.send('GET', '/api/audit-events?q=session.refused');
  return (body as { data: { detail: { reason: string } }[] }).data.map(({ detail }) => detail.reason);
}

async function comeBack(browser: TestBrowser, url: string): Promise<string> {
  const { pathname, search } = new URL(url);
  return locationOf(await browser.send('GET', pathname + search));
}

function locationOf({ status, headers }: Answer): string {
  expect(status).toBe(302);
  return String(headers.location);
}

it('a first sign-in creates an account for a user invited under a verified address, and asks them before they join', async () => {
  await ana.send('POST', '/api/invitations', { email: 'bob@example.com', role: 'editor' });
  const bob = createBrowser(api);
  expect((await sessionOf(bob)).signIn.oidc).toEqual({ name: 'Acme SSO', url: '/api/auth/sign-in/oidc' });
  expect(await signInAs(bob, person('Bob@example.com', { sub: 'bob' }))).toBe('/');
  const asked = await sessionOf(bob);
  expect(asked).toMatchObject({
    state: 'signed_in',
    user: { email: 'bob@example.com', name: 'Somebody' },
    tenant: null,
    tenants: [],
    role: null,
    invitations: [{ tenant: { id: 'default' }, role: 'editor', invitedBy: 'ana@example.com' }],
  });
  expect(await bob.send('GET', '/api/vector-stores')).toMatchObject({ status: 403, code: 'tenant_required' });
  expect(await join(bob)).toMatchObject({ tenant: { id: 'default' }, role: 'editor', invitations: [] });
  expect((await bob.send('POST', '/api/vector-stores', { name: 'Mine' })).status).toBe(201);
  expect((await ana.send('GET', '/api/invitations')).body).toEqual({ data: [] });
  const { user } = await sessionOf(bob);
  await bob.send('POST', '/api/sign-out');
  await signInAs(bob, person('bob@example.com', { sub: 'bob' }));
  expect(await sessionOf(bob)).toMatchObject({ user, role: 'editor' });
  expect(
    api
      .audit()
      .filter(({ actor }) => actor === 'bob@example.com')
      .map(({ action }) => action),
  ).toEqual(['session.opened', 'member.joined', 'vector_store.created', 'session.ended', 'session.opened']);
});

it('declining removes the invitation, and the next sign-in of a user without a tenant is rejected', async () => {
  await ana.send('POST', '/api/invitations', { email: 'bob@example.com', role: 'editor' });
  const bob = createBrowser(api);
  await signInAs(bob, person('bob@example.com'));
  const [asked] = (await sessionOf(bob)).invitations;
  expect((await bob.send('POST', `/api/account/invitations/${asked?.id}/decline`)).status).toBe(204);
  expect((await sessionOf(bob)).invitations).toEqual([]);
  expect(await bob.send('POST', `/api/account/invitations/${asked?.id}/accept`)).toMatchObject({
    code: 'invitation_not_found',
  });
  expect((await ana.send('GET', '/api/invitations')).body).toEqual({ data: [] });
  expect(await signInAs(bob, person('bob@example.com'))).toBe('/sign-in?error=not_invited');
});

it('an invitation cannot be accepted or declined by another user', async () => {
  const made = await ana.send('POST', '/api/invitations', { email: 'bob@example.com', role: 'owner' });
  const { id } = made.body as CreatedInvitation;
  const eve = await invite(api, ana, { email: 'eve@example.com', role: 'viewer' });
  for (const verb of ['accept', 'decline']) {
    expect(await eve.send('POST', `/api/account/invitations/${id}/${verb}`)).toMatchObject({
      status: 404,
      code: 'invitation_not_found',
    });
  }
});

it('an account whose address only the inviter vouches for is shown no invitations', async () => {
  // Eve holds the link of an address that is not hers, and makes its account.
  const eve = await invite(api, ana, { email: 'newhire@example.com', role: 'viewer' });
  const { body } = await ana.send('POST', '/api/tenants', { name: 'Acme', ownerEmail: 'newhire@example.com' });
  const { invitation } = body as { invitation: CreatedInvitation };
  expect((await sessionOf(eve)).invitations).toEqual([]);
  expect(await eve.send('POST', `/api/account/invitations/${invitation.id}/accept`)).toMatchObject({
    code: 'invitation_not_found',
  });
});

describe('an account that another person made under a user’s address', () => {
  /** The owner of another tenant invites the address and accepts the invitation themselves, with their own password. */
  async function preempted(): Promise<{ thief: TestBrowser; thiefSignIn: () => Promise<Answer> }> {
    const { body } = await ana.send('POST', '/api/tenants', { name: 'Evil Inc', ownerEmail: 'eve@example.com' });
    const { invitation } = body as { invitation: CreatedInvitation };
    const eve = createBrowser(api);
    await eve.send('POST', '/api/invitations/accept', { token: invitation.token, name: 'Eve', password: PASSWORD });
    const thief = await invite(api, eve, { email: 'newhire@example.com', role: 'owner' });
    const credentials = { email: 'newhire@example.com', password: PASSWORD };
    return { thief, thiefSignIn: () => createBrowser(api).send('POST', '/api/sign-in', credentials) };
  }

  it('loses its password and sessions when the user signs in, and joins no tenant automatically', async () => {
    const { thief, thiefSignIn } = await preempted();
    expect((await thiefSignIn()).status).toBe(200);
    await ana.send('POST', '/api/invitations', { email: 'newhire@example.com', role: 'admin' });
    const newHire = createBrowser(api);
    expect(await signInAs(newHire, person('newhire@example.com'))).toBe('/');
    expect((await thiefSignIn()).status).toBe(401);
    expect((await thief.send('GET', '/api/status')).status).toBe(401);
    // The first session is in no tenant, as the user has chosen none.
    const session = await sessionOf(newHire);
    expect(session).toMatchObject({ tenant: null, tenants: [], role: null });
    expect(session.invitations.map(({ tenant, invitedBy }) => [tenant.name, invitedBy])).toEqual([
      ['Default', 'ana@example.com'],
      ['Evil Inc', null],
    ]);
    expect(await join(newHire)).toMatchObject({ tenant: { id: 'default' }, role: 'admin' });
    const [evil] = (await sessionOf(newHire)).invitations;
    expect((await newHire.send('POST', `/api/account/invitations/${evil?.id}/decline`)).status).toBe(204);
    expect((await sessionOf(newHire)).tenants.map(({ id }) => id)).toEqual(['default']);
    await newHire.send('POST', '/api/sign-out');
    await signInAs(newHire, person('newhire@example.com'));
    expect(await sessionOf(newHire)).toMatchObject({ tenant: { id: 'default' }, invitations: [] });
  });

  it('has its losses audited, with the API keys that its tenants keep', async () => {
    const { thief } = await preempted();
    const { key } = (await thief.send('POST', '/api/api-keys', { name: 'ci', role: 'viewer' })).body as { key: string };
    await signInAs(createBrowser(api), person('newhire@example.com'));
    const program = createBrowser(api);
    const status = await program.send('GET', '/api/status', undefined, { authorization: `Bearer ${key}` });
    expect(status.status).toBe(200);
    expect(api.audit().filter(({ action }) => action === 'account.linked')).toHaveLength(2);
    const { body } = await ana.send('GET', '/api/audit-events?q=account.linked');
    expect(body).toMatchObject({
      data: [{ detail: { issuer: issuer.url, passwordRemoved: true, sessionsEnded: 1, keysMadeBefore: 0 } }],
    });
  });

  it('counts neither as an owner nor as an operator until the user confirms the membership', async () => {
    const bob = await invite(api, ana, { email: 'bob@example.com', role: 'owner' });
    const again = createBrowser(api);
    await signInAs(again, person('bob@example.com'));
    expect(await sessionOf(again)).toMatchObject({ isOperator: false, role: null });
    expect((await bob.send('GET', '/api/status')).status).toBe(401);
    const { data } = (await ana.send('GET', '/api/members')).body as MemberList;
    expect(data.map(({ user, isConfirmed }) => [user.email, isConfirmed]).sort()).toEqual([
      ['ana@example.com', true],
      ['bob@example.com', false],
    ]);
    const me = data.find(({ isYou }) => isYou)?.id;
    expect(await ana.send('DELETE', `/api/members/${me}`)).toMatchObject({ code: 'last_owner' });
    expect(await again.send('POST', '/api/session/tenant', { tenantId: 'default' })).toMatchObject({
      code: 'tenant_not_found',
    });
    expect(await join(again)).toMatchObject({ role: 'owner', isOperator: true });
  });
});

it('an account does not pass on with its address to another subject of the issuer', async () => {
  const bob = createBrowser(api);
  await ana.send('POST', '/api/invitations', { email: 'bob@example.com', role: 'editor' });
  await signInAs(bob, person('bob@example.com'));
  await join(bob);
  const successor = createBrowser(api);
  const other = person('bob@example.com', { sub: 'another person' });
  expect(await signInAs(successor, other)).toBe('/sign-in?error=account_of_another');
  expect((await sessionOf(successor)).state).toBe('signed_out');
  // Bob keeps his subject at the issuer under another address.
  const renamed = createBrowser(api);
  expect(await signInAs(renamed, { ...person('bob@example.com'), email: 'ana@example.com' })).toBe('/');
  expect((await sessionOf(renamed)).user?.email).toBe('bob@example.com');
});

it('a sign-in replaces the session of another user in the same browser', async () => {
  const shared = ana.copy();
  await ana.send('POST', '/api/invitations', { email: 'bob@example.com', role: 'viewer' });
  await signInAs(shared, person('bob@example.com'));
  expect((await sessionOf(shared)).user?.email).toBe('bob@example.com');
  expect((await ana.send('GET', '/api/status')).status).toBe(401);
});

it('the issuer is a second way to sign in to an existing account', async () => {
  const other = createBrowser(api);
  expect(await signInAs(other, person('ana@example.com'))).toBe('/');
  expect(await sessionOf(other)).toMatchObject({ user: { email: 'ana@example.com', name: 'Ana' }, role: 'owner' });
});

it.each([
  ['is not invited', person('eve@example.com'), 'not_invited'],
  [
    'has an allowed domain but no verified address',
    person('eve@acme.example', { email_verified: false }),
    'oidc_email_unverified',
  ],
  ['has “true” in place of true', person('eve@acme.example', { email_verified: 'true' }), 'oidc_email_unverified'],
  [
    'has an address that is not verified',
    person('ana@example.com', { email_verified: false }),
    'oidc_email_unverified',
  ],
  ['has a domain that ends like an allowed one', person('eve@notacme.example'), 'not_invited'],
  ['has a domain below an allowed one', person('eve@sub.acme.example'), 'not_invited'],
  ['has an address of two lines', person('a@evil.example\n@acme.example'), 'oidc_email_invalid'],
  ['has an address with two @', person('user@evil.example@acme.example'), 'oidc_email_invalid'],
  ['has a quoted address', person('"a@evil.example"@acme.example'), 'oidc_email_invalid'],
  ['has a display name about the address', person('Ana <eve@acme.example>'), 'oidc_email_invalid'],
  ['has a space before the address', person(' eve@acme.example'), 'oidc_email_invalid'],
  ['has letters that look like ASCII', person('eve@\u0430cme.example'), 'oidc_email_invalid'],
  // In lower case the Kelvin sign is the letter k.
  ['has letters that become ASCII in lower case', person('eve@\u212Acme.example'), 'oidc_email_invalid'],
  ['has an address of full-width letters', person('eve@ａcme.example'), 'oidc_email_invalid'],
])('sign-in is rejected for a user who %s', async (_, who, error) => {
  const eve = createBrowser(api);
  expect(await signInAs(eve, who)).toBe(`/sign-in?error=${error}`);
  expect(await sessionOf(eve)).toMatchObject({ state: 'signed_out', user: null });
  expect((await ana.send('GET', '/api/members')).body).toMatchObject({
    data: [{ user: { email: 'ana@example.com' } }],
  });
  expect(await refusals()).toEqual([error]);
});

const HOUR_S = 3_600;
const NOW_S = Date.UTC(2027, 0, 15) / 1000;
const FORGERIES: readonly (readonly [string, Forgery])[] = [
  ['without a signature', { signedBy: 'none' }],
  ['whose signature was cut off', { tamper: (token) => `${token.slice(0, token.lastIndexOf('.'))}.` }],
  ['signed with the public key as a secret', { signedBy: 'public-key' }],
  ['signed with the secret of the client', { signedBy: 'client-secret' }],
  ['signed by another key', { signedBy: 'stranger' }],
  ['signed by a key that is not published', { header: { kid: 'another' } }],
  ['with a header that has to be understood', { header: { crit: ['x'], x: 1 } }],
  ['for another client', { claims: { aud: 'another-client' } }],
  ['for several clients without naming the authorized party', { claims: { aud: [OIDC_CLIENT.id, 'another-client'] } }],
  ['for another authorized party', { claims: { azp: 'another-client' } }],
  ['without an audience', { claims: { aud: undefined } }],
  ['of another issuer', { claims: { iss: 'https://issuer.example' } }],
  ['without an issuer', { claims: { iss: undefined } }],
  ['that expired', { claims: { exp: NOW_S - 60 } }],
  ['that never expires', { claims: { exp: undefined } }],
  ['that is not yet valid', { claims: { nbf: NOW_S + HOUR_S } }],
  ['issued in the future', { claims: { iat: NOW_S + HOUR_S } }],
  ['that does not say when it was issued', { claims: { iat: undefined } }],
  ['without a nonce', { claims: { nonce: undefined } }],
  ['with the nonce of another sign-in', { claims: { nonce: 'another' } }],
  ['with the hash of another access token', { claims: { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' } }],
  ['without a subject', { claims: { sub: undefined } }],
  ['of an empty subject', { claims: { sub: '' } }],
  [
    'changed after it was signed',
    {
      tamper: (token) => {
        const [header, claims = '', signature] = token.split('.');
        const text = Buffer.from(claims, 'base64url').toString().replace('bob@', 'ana@');
        return [header, Buffer.from(text).toString('base64url'), signature].join('.');
      },
    },
  ],
  ['that is missing', { hasNoIdToken: true }],
  [
    'with user info of another subject',
    { claims: { email: undefined }, userInfo: { sub: 'else', email: 'a@acme.org' } },
  ],
];

describe('the ID token', () => {
  it.each(FORGERIES)('rejects one %s', async (_, forgery) => {
    await ana.send('POST', '/api/invitations', { email: 'bob@example.com', role: 'owner' });
    const eve = createBrowser(api);
    expect(await signInAs(eve, person('bob@example.com'), forgery)).toBe('/sign-in?error=oidc_token_invalid');
    expect(await sessionOf(eve)).toMatchObject({ state: 'signed_out', user: null });
    expect(await refusals()).toEqual(['oidc_token_invalid']);
    // The same token without the forgery is accepted.
    expect(await signInAs(eve, person('bob@example.com'))).toBe('/');
  });

  it('is accepted with half a minute of clock skew, and without its optional claims', async () => {
    await ana.send('POST', '/api/invitations', { email: 'bob@example.com', role: 'owner' });
    const claims = { iat: NOW_S + 20, exp: NOW_S - 20, at_hash: undefined, azp: OIDC_CLIENT.id };
    expect(await signInAs(createBrowser(api), person('bob@example.com'), { claims })).toBe('/');
  });

  it('may lack the address: it is then read from the user info', async () => {
    const claims = { email: undefined, email_verified: undefined };
    expect(await signInAs(createBrowser(api), person('cid@acme.org'), { claims })).toBe('/');
  });

  it('takes an address and its verified flag from the same answer', async () => {
    const claims = { email: 'ana@example.com', email_verified: undefined };
    const userInfo = { sub: 'sub of eve@acme.org', email: 'eve@acme.org', email_verified: true };
    const eve = createBrowser(api);
    expect(await signInAs(eve, person('eve@acme.org'), { claims, userInfo })).toBe('/');
    expect((await sessionOf(eve)).user?.email).toBe('eve@acme.org');
  });

  it('is checked against the current keys: a new one works at once, and a withdrawn one no more', async () => {
    expect(await signInAs(createBrowser(api), person('cid@acme.org'))).toBe('/');
    issuer.rotateKeys();
    expect(await signInAs(createBrowser(api), person('cid@acme.org'))).toBe('/');
    expect(await signInAs(createBrowser(api), person('cid@acme.org'), { signedBy: 'earlier-key' })).toBe(
      '/sign-in?error=oidc_token_invalid',
    );
  });
});

describe('the issuer', () => {
  it.each([
    ['calls itself by another name', { issuer: 'https://issuer.example' }],
    ['has an authorization endpoint without https', { authorization_endpoint: 'http://issuer.example/authorize' }],
    ['has an authorization endpoint that is not a web URL', { authorization_endpoint: 'javascript:alert(1)' }],
    ['has a token endpoint without https', { token_endpoint: 'http://issuer.example/token' }],
    ['publishes its keys at an address without https', { jwks_uri: 'http://issuer.example/keys' }],
    ['publishes no keys', { jwks_uri: undefined }],
  ])('is not used when it %s', async (_, fields) => {
    issuer.describe(fields);
    const started = await createBrowser(api).send('GET', '/api/auth/sign-in/oidc');
    expect(locationOf(started)).toBe('/sign-in?error=oidc_unavailable');
  });

  it('is sent the client secret by HTTP Basic when it allows nothing else', async () => {
    issuer.describe({ token_endpoint_auth_methods_supported: undefined });
    expect(await signInAs(createBrowser(api), person('cid@acme.org'))).toBe('/');
  });

  it('gives different errors for an outage and for a rejection', async () => {
    const eve = createBrowser(api);
    const started = locationOf(await eve.send('GET', '/api/auth/sign-in/oidc'));
    const denied = new URL(issuer.signIn(started, person('eve@acme.org')));
    denied.searchParams.delete('code');
    denied.searchParams.set('error', 'access_denied');
    expect(await comeBack(eve, denied.href)).toBe('/sign-in?error=oidc_refused');
    const again = locationOf(await eve.send('GET', '/api/auth/sign-in/oidc'));
    issuer.fail();
    expect(await comeBack(eve, issuer.signIn(again, person('eve@acme.org')))).toBe('/sign-in?error=oidc_unavailable');
    expect(await refusals()).toEqual(['oidc_unavailable', 'oidc_refused']);
  });

  it('gets no request for a browser that did not start a sign-in', async () => {
    const eve = createBrowser(api);
    const path = '/api/auth/oauth2/callback/oidc?code=x&state=y';
    expect(locationOf(await eve.send('GET', path))).toBe('/sign-in?error=oidc_state_invalid');
    expect(issuer.requests).toEqual([]);
  });
});

it('users of an allowed domain join as viewers, and removed members do not rejoin', async () => {
  const cid = createBrowser(api);
  expect(await signInAs(cid, person('cid@acme.org'))).toBe('/');
  expect(await sessionOf(cid)).toMatchObject({ tenant: { id: 'default' }, role: 'viewer' });
  const { data } = (await ana.send('GET', '/api/members')).body as { data: { id: string; isYou: boolean }[] };
  await ana.send('DELETE', `/api/members/${data.find(({ isYou }) => !isYou)?.id}`);
  expect((await sessionOf(cid)).state).toBe('signed_out');
  expect(await signInAs(cid, person('cid@acme.org'))).toBe('/sign-in?error=not_invited');
});

it('the callback is accepted only from the browser that started the sign-in, and once', async () => {
  await ana.send('POST', '/api/invitations', { email: 'bob@example.com', role: 'editor' });
  const [bob, mallory] = [createBrowser(api), createBrowser(api)];
  const back = issuer.signIn(
    locationOf(await mallory.send('GET', '/api/auth/sign-in/oidc')),
    person('bob@example.com'),
  );
  expect(await comeBack(bob, back)).toBe('/sign-in?error=oidc_state_invalid');
  const forged = new URL(back);
  forged.searchParams.set('state', 'made-up');
  expect(await comeBack(mallory, forged.href)).toBe('/sign-in?error=oidc_state_invalid');
  const own = issuer.signIn(locationOf(await bob.send('GET', '/api/auth/sign-in/oidc')), person('bob@example.com'));
  expect(await comeBack(bob, own)).toBe('/');
  expect(await comeBack(bob, own)).toBe('/sign-in?error=oidc_state_invalid');
  expect((await sessionOf(mallory)).state).toBe('signed_out');
});

it('the callback is rejected after ten minutes, and with a used code', async () => {
  const [slow, quick] = [createBrowser(api), createBrowser(api)];
  const started = locationOf(await slow.send('GET', '/api/auth/sign-in/oidc'));
  api.clock.advance(601_000);
  const late = await comeBack(slow, issuer.signIn(started, person('cid@acme.org')));
  expect(late).toBe('/sign-in?error=oidc_state_invalid');
  const back = issuer.signIn(locationOf(await quick.send('GET', '/api/auth/sign-in/oidc')), person('cid@acme.org'));
  const thief = quick.copy();
  expect(await comeBack(quick, back)).toBe('/');
  expect(await comeBack(thief, back)).toBe('/sign-in?error=oidc_refused');
});

it('the callback redirects only to this console, whatever address the request names', async () => {
  const cid = createBrowser(api);
  const started = await cid.send('GET', '/api/auth/sign-in/oidc?callbackURL=https://evil.example&to=//evil.example');
  const { searchParams } = new URL(locationOf(started));
  expect(searchParams.get('redirect_uri')).toBe('http://localhost:3000/api/auth/oauth2/callback/oidc');
  const back = new URL(issuer.signIn(locationOf(started), person('cid@acme.org')));
  for (const name of ['callbackURL', 'errorCallbackURL', 'redirect', 'to']) {
    back.searchParams.set(name, 'https://evil.example/');
  }
  expect(await comeBack(cid, back.href)).toBe('/');
});

it('no response leaks the values that protect a sign-in', async () => {
  for (const [method, path] of [
    ['POST', '/api/auth/sign-up/email'],
    ['POST', '/api/auth/sign-in/email'],
    ['POST', '/api/auth/sign-in/oauth2'],
    ['GET', '/api/auth/get-session'],
    ['GET', '/api/auth/ok'],
    ['GET', '/api/auth/error'],
    ['POST', '/api/auth/update-user'],
    ['GET', '/api/auth/oauth2/callback/other'],
  ] as const) {
    const answer = await ana.send(method, path, method === 'POST' ? {} : undefined);
    expect(answer, path).toMatchObject({ status: 404, code: 'route_not_found' });
  }
});

it('sign-in through the issuer cannot create the first owner, and is absent without a configured issuer', async () => {
  const env = {
    ESPEJO_OIDC_ISSUER: issuer.url,
    ESPEJO_OIDC_CLIENT_ID: OIDC_CLIENT.id,
    ESPEJO_OIDC_CLIENT_SECRET: OIDC_CLIENT.secret,
    ESPEJO_OIDC_ALLOWED_DOMAINS: 'acme.example',
  };
  api = await createApiHarness(Date.UTC(2027, 0, 15), env);
  expect(await signInAs(createBrowser(api), person('first@acme.example'))).toBe('/sign-in?error=not_invited');
  const plain = await createApiHarness(Date.UTC(2027, 0, 15));
  expect((await createBrowser(plain).send('GET', '/api/auth/sign-in/oidc')).status).toBe(404);
  await invite(plain, await setUp(plain), { email: 'bob@example.com', role: 'viewer' });
});
