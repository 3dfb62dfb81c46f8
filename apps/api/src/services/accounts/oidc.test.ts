import { beforeEach, expect, it } from 'vitest';
import { type Answer, createBrowser, invite, sessionOf, setUp, type TestBrowser } from '../../testing/browser.ts';
import { OIDC_CLIENT, type OidcIssuer, type OidcPerson, startOidcIssuer } from '../../testing/oidc-issuer.ts';
import { type ApiHarness, createApiHarness } from '../../testing/whole-api-harness.ts';

let issuer: OidcIssuer;
let api: ApiHarness;
let ana: TestBrowser;
beforeEach(async () => {
  issuer = await startOidcIssuer();
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

/** The whole way there and back; answers where it ended. */
async function signInAs(browser: TestBrowser, who: OidcPerson): Promise<string> {
  const started = await browser.send('GET', '/api/auth/sign-in/oidc');
  return comeBack(browser, issuer.signIn(locationOf(started), who));
}

async function comeBack(browser: TestBrowser, url: string): Promise<string> {
  const { pathname, search } = new URL(url);
  return locationOf(await browser.send('GET', pathname + search));
}

function locationOf({ status, headers }: Answer): string {
  expect(status).toBe(302);
  return String(headers.location);
}

it('lets in whoever is invited under a verified address, and they come back as the same person', async () => {
  await ana.send('POST', '/api/invitations', { email: 'bob@example.com', role: 'editor' });
  const bob = createBrowser(api);
  expect((await sessionOf(bob)).signIn.oidc).toEqual({ name: 'Acme SSO', url: '/api/auth/sign-in/oidc' });
  expect(await signInAs(bob, person('Bob@example.com'))).toBe('/');
  expect(await sessionOf(bob)).toMatchObject({
    state: 'signed_in',
    user: { email: 'bob@example.com', name: 'Somebody' },
    role: 'editor',
  });
  expect((await bob.send('POST', '/api/vector-stores', { name: 'Mine' })).status).toBe(201);
  expect((await ana.send('GET', '/api/invitations')).body).toEqual({ data: [] });
  const { user } = await sessionOf(bob);
  await bob.send('POST', '/api/sign-out');
  await signInAs(bob, person('bob@example.com'));
  expect((await sessionOf(bob)).user).toEqual(user);
  expect(
    api
      .audit()
      .filter(({ actor }) => actor === 'bob@example.com')
      .map(({ action }) => action),
  ).toEqual(['member.joined', 'session.opened', 'vector_store.created', 'session.ended', 'session.opened']);
});

it('is another way into an account that is there', async () => {
  const other = createBrowser(api);
  expect(await signInAs(other, person('ana@example.com'))).toBe('/');
  expect(await sessionOf(other)).toMatchObject({ user: { email: 'ana@example.com', name: 'Ana' }, role: 'owner' });
});

it.each([
  ['is not invited', person('eve@example.com'), 'not_invited'],
  [
    'has an allowed domain but no verified address',
    person('eve@acme.example', { email_verified: false }),
    'not_invited',
  ],
  [
    'says it is somebody whose address nobody verified',
    person('ana@example.com', { email_verified: false }),
    'account_not_linked',
  ],
  ['has a domain that ends like an allowed one', person('eve@notacme.example'), 'not_invited'],
])('keeps out whoever %s', async (_, who, error) => {
  const eve = createBrowser(api);
  expect(await signInAs(eve, who)).toBe(`/sign-in?error=${error}`);
  expect(await sessionOf(eve)).toMatchObject({ state: 'signed_out', user: null });
  expect((await ana.send('GET', '/api/members')).body).toMatchObject({
    data: [{ user: { email: 'ana@example.com' } }],
  });
});

it('lets an allowed domain in as viewers, and whoever was removed stays out', async () => {
  const cid = createBrowser(api);
  expect(await signInAs(cid, person('cid@acme.org'))).toBe('/');
  expect(await sessionOf(cid)).toMatchObject({ tenant: { id: 'default' }, role: 'viewer' });
  const { data } = (await ana.send('GET', '/api/members')).body as { data: { id: string; isYou: boolean }[] };
  await ana.send('DELETE', `/api/members/${data.find(({ isYou }) => !isYou)?.id}`);
  expect((await sessionOf(cid)).state).toBe('signed_out');
  expect(await signInAs(cid, person('cid@acme.org'))).toBe('/sign-in?error=not_invited');
});

it('accepts what came back only from the browser that set out, and once', async () => {
  await ana.send('POST', '/api/invitations', { email: 'bob@example.com', role: 'editor' });
  const [bob, mallory] = [createBrowser(api), createBrowser(api)];
  const back = issuer.signIn(
    locationOf(await mallory.send('GET', '/api/auth/sign-in/oidc')),
    person('bob@example.com'),
  );
  expect(await comeBack(bob, back)).toMatch(/^\/sign-in\?error=/);
  const forged = new URL(back);
  forged.searchParams.set('state', 'made-up');
  expect(await comeBack(mallory, forged.href)).toMatch(/^\/sign-in\?error=/);
  const own = issuer.signIn(locationOf(await bob.send('GET', '/api/auth/sign-in/oidc')), person('bob@example.com'));
  expect(await comeBack(bob, own)).toBe('/');
  expect(await comeBack(bob, own)).toMatch(/^\/sign-in\?error=/);
  expect((await sessionOf(mallory)).state).toBe('signed_out');
});

it('shows nothing else of what signs people in', async () => {
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

it('does not make the first owner, and is not there without an issuer', async () => {
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
