import type { CreatedInvitation, Member, MemberList } from '@espejo/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { createBrowser, invite, PASSWORD, sessionOf, setUp, type TestBrowser } from '../../testing/browser.ts';
import { type ApiHarness, createApiHarness } from '../../testing/whole-api-harness.ts';

const DAY_MS = 86_400_000;
let api: ApiHarness;
let ana: TestBrowser;
beforeEach(async () => {
  api = await createApiHarness(1_800_000_000_000);
  ana = await setUp(api);
});

const memberOf = async (email: string): Promise<Member> => {
  const { data } = (await ana.send('GET', '/api/members')).body as MemberList;
  const member = data.find(({ user }) => user.email === email);
  if (member === undefined) throw new Error(`${email} is no member`);
  return member;
};

describe('owner setup', () => {
  it('creates an owner and operator once, and ends the trust in local requests', async () => {
    expect(await sessionOf(ana)).toMatchObject({
      state: 'signed_in',
      user: { email: 'ana@example.com', name: 'Ana' },
      tenant: { id: 'default' },
      role: 'owner',
      isOperator: true,
    });
    const again = { name: 'Eve', email: 'eve@example.com', password: PASSWORD };
    expect(await ana.send('POST', '/api/setup', again)).toMatchObject({ status: 409, code: 'setup_done' });
    const stranger = createBrowser(api);
    expect(await stranger.send('POST', '/api/setup', again)).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(await stranger.send('GET', '/api/status')).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(await stranger.send('GET', '/v1/vector_stores')).toMatchObject({ status: 401 });
    expect(await stranger.send('GET', '/metrics')).toMatchObject({ status: 401 });
    expect(await sessionOf(stranger)).toMatchObject({ state: 'signed_out', hasAccounts: true, user: null, role: null });
  });

  it('is required before any invitation or tenant can be created', async () => {
    const fresh = await createApiHarness(1_800_000_000_000);
    const local = createBrowser(fresh);
    expect(await sessionOf(local)).toMatchObject({ state: 'setup', hasAccounts: false, role: 'owner', actor: 'local' });
    const invitation = { email: 'bob@example.com', role: 'viewer' };
    expect(await local.send('POST', '/api/invitations', invitation)).toMatchObject({ code: 'setup_needed' });
    expect(await local.send('POST', '/api/tenants', { name: 'Acme' })).toMatchObject({ code: 'setup_needed' });
    expect(await local.send('PATCH', '/api/account', { name: 'x' })).toMatchObject({ code: 'session_required' });
  });

  it('lets one of two concurrent setups succeed, and leaves no rows of the other', async () => {
    const fresh = await createApiHarness(1_800_000_000_000);
    const statuses = await Promise.all(
      ['a@example.com', 'b@example.com'].map(async (email) => {
        const body = { name: 'x', email, password: PASSWORD };
        return (await createBrowser(fresh).send('POST', '/api/setup', body)).status;
      }),
    );
    expect(statuses.sort()).toEqual([201, 409]);
    expect(fresh.audit().map(({ action }) => action)).toEqual(['owner.set_up', 'session.opened']);
  });
});

describe('invitations', () => {
  const token = async (email: string, role = 'viewer') =>
    (await ana.send('POST', '/api/invitations', { email, role })).body as CreatedInvitation;
  const accept = (browser: TestBrowser, value: string) =>
    browser.send('POST', '/api/invitations/accept', { token: value, name: 'Bob', password: PASSWORD });

  it('show what they invite to, create an account, and work once', async () => {
    const made = await token('Bob@Example.com', 'editor');
    expect(made).toMatchObject({ email: 'bob@example.com', state: 'pending', path: `/join#${made.token}` });
    const bob = createBrowser(api);
    expect((await bob.send('POST', '/api/invitations/look', { token: made.token })).body).toMatchObject({
      tenant: { id: 'default' },
      email: 'bob@example.com',
      role: 'editor',
      invitedBy: 'ana@example.com',
      hasAccount: false,
    });
    expect((await accept(bob, made.token)).body).toMatchObject({
      state: 'signed_in',
      role: 'editor',
      isOperator: false,
    });
    expect(await accept(createBrowser(api), made.token)).toMatchObject({ status: 404, code: 'invitation_not_found' });
    expect((await ana.send('GET', '/api/invitations')).body).toEqual({ data: [] });
    const twice = await ana.send('POST', '/api/invitations', { email: 'bob@example.com', role: 'owner' });
    expect(twice).toMatchObject({ status: 409, code: 'member_exists' });
  });

  it.each([
    ['expired', async () => api.clock.advance(7 * DAY_MS)],
    [
      'was taken back',
      async (made: CreatedInvitation) => void (await ana.send('DELETE', `/api/invitations/${made.id}`)),
    ],
    ['was replaced', async () => void (await token('bob@example.com'))],
  ])('are rejected with a token that %s', async (_, end) => {
    const made = await token('bob@example.com');
    await end(made);
    const bob = createBrowser(api);
    const look = await bob.send('POST', '/api/invitations/look', { token: made.token });
    expect([look.code, (await accept(bob, made.token)).code]).toEqual(['invitation_not_found', 'invitation_not_found']);
  });

  it('can be accepted only by the addressee when that address has an account, after signing in', async () => {
    const bob = await invite(api, ana, { email: 'bob@example.com', role: 'viewer' });
    const { body } = await ana.send('POST', '/api/tenants', { name: 'Acme', ownerEmail: 'bob@example.com' });
    const { id: tenantId, invitation } = body as { id: string; invitation: CreatedInvitation };
    expect(await accept(createBrowser(api), invitation.token)).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(await accept(ana, invitation.token)).toMatchObject({ status: 403, code: 'invitation_for_another' });
    expect((await bob.send('POST', '/api/invitations/accept', { token: invitation.token })).body).toMatchObject({
      tenant: { id: tenantId, name: 'Acme' },
      role: 'owner',
      isOperator: false,
      tenants: [
        { id: 'default', role: 'viewer' },
        { id: tenantId, role: 'owner' },
      ],
    });
    // An owner of another tenant is no operator, and a viewer of the first tenant stays a viewer.
    expect(await bob.send('GET', '/api/tenants')).toMatchObject({ status: 403, code: 'operator_required' });
    await bob.send('POST', '/api/session/tenant', { tenantId: 'default' });
    expect(await sessionOf(bob)).toMatchObject({ tenant: { id: 'default' }, role: 'viewer' });
    expect(await bob.send('POST', '/api/session/tenant', { tenantId: 'none' })).toMatchObject({
      code: 'tenant_not_found',
    });
  });
});

describe('members', () => {
  it('have the permissions of a changed role from the next request on', async () => {
    const bob = await invite(api, ana, { email: 'bob@example.com', role: 'viewer' });
    const create = () => bob.send('POST', '/api/vector-stores', { name: 'Mine' });
    expect(await create()).toMatchObject({ status: 403, code: 'role_insufficient' });
    const { id } = await memberOf('bob@example.com');
    expect(await ana.send('PATCH', `/api/members/${id}`, { role: 'editor' })).toMatchObject({ status: 200 });
    expect((await create()).status).toBe(201);
    expect(api.audit()).toContainEqual({
      action: 'vector_store.created',
      subject: expect.any(String),
      actor: 'bob@example.com',
    });
  });

  it('lose access at once when removed, in this tenant only', async () => {
    const bob = await invite(api, ana, { email: 'bob@example.com', role: 'editor' });
    const thief = bob.copy();
    const { id } = await memberOf('bob@example.com');
    expect((await ana.send('DELETE', `/api/members/${id}`)).status).toBe(204);
    expect(await bob.send('GET', '/api/status')).toMatchObject({ status: 401 });
    expect(await thief.send('GET', '/api/status')).toMatchObject({ status: 401 });
    const signIn = { email: 'bob@example.com', password: PASSWORD };
    expect((await bob.send('POST', '/api/sign-in', signIn)).body).toMatchObject({
      state: 'signed_in',
      tenant: null,
      role: null,
    });
    expect(await bob.send('GET', '/api/status')).toMatchObject({ status: 403, code: 'tenant_required' });
    const invited = (await ana.send('POST', '/api/invitations', { email: 'bob@example.com', role: 'viewer' })).body;
    const { token } = invited as CreatedInvitation;
    expect((await bob.send('POST', '/api/invitations/accept', { token })).body).toMatchObject({ role: 'viewer' });
  });

  it('cannot be removed or demoted when they are the last owner', async () => {
    const { id } = await memberOf('ana@example.com');
    expect(await ana.send('PATCH', `/api/members/${id}`, { role: 'admin' })).toMatchObject({
      status: 409,
      code: 'last_owner',
    });
    expect(await ana.send('DELETE', `/api/members/${id}`)).toMatchObject({ status: 409, code: 'last_owner' });
    await invite(api, ana, { email: 'bob@example.com', role: 'owner' });
    expect((await ana.send('PATCH', `/api/members/${id}`, { role: 'admin' })).status).toBe(200);
    expect(await ana.send('GET', '/api/members')).toMatchObject({ status: 200 });
    expect(await ana.send('DELETE', `/api/members/${id}`)).toMatchObject({ status: 403, code: 'role_insufficient' });
  });

  it('can be editor in one store and viewer in the others', async () => {
    const bob = await invite(api, ana, { email: 'bob@example.com', role: 'viewer' });
    const [mine, other] = await Promise.all(
      ['a', 'b'].map(async (name) => (await ana.send('POST', '/api/vector-stores', { name })).body as { id: string }),
    );
    const { id } = await memberOf('bob@example.com');
    const path = `/api/members/${id}/grants/${mine?.id}`;
    expect((await ana.send('PUT', path, { role: 'editor' })).body).toMatchObject({
      storeName: 'a',
      grantedBy: 'ana@example.com',
    });
    expect(await sessionOf(bob)).toMatchObject({ role: 'viewer', grants: [{ storeId: mine?.id, role: 'editor' }] });
    const rename = (storeId: string | undefined) => bob.send('PATCH', `/api/vector-stores/${storeId}`, { name: 'c' });
    expect([(await rename(mine?.id)).status, (await rename(other?.id)).status]).toEqual([200, 403]);
    expect((await ana.send('DELETE', path)).status).toBe(204);
    expect(await rename(mine?.id)).toMatchObject({ status: 403, code: 'role_insufficient' });
    expect(await ana.send('DELETE', path)).toMatchObject({ status: 404, code: 'store_grant_not_found' });
    expect(await ana.send('PUT', path.replace(mine?.id ?? '', 'none'), { role: 'editor' })).toMatchObject({
      code: 'vector_store_not_found',
    });
  });
});

describe('tenants', () => {
  it('are isolated: an owner sees no member of another tenant, and ids of another tenant are not found', async () => {
    const { body } = await ana.send('POST', '/api/tenants', { name: 'Acme', ownerEmail: 'gil@example.com' });
    const { invitation } = body as { invitation: CreatedInvitation };
    const gil = createBrowser(api);
    await gil.send('POST', '/api/invitations/accept', { token: invitation.token, name: 'Gil', password: PASSWORD });
    const members = (await gil.send('GET', '/api/members')).body as MemberList;
    expect(members.data.map(({ user }) => user.email)).toEqual(['gil@example.com']);
    const { id } = await memberOf('ana@example.com');
    for (const [method, path, sent] of [
      ['PATCH', `/api/members/${id}`, { role: 'viewer' }],
      ['DELETE', `/api/members/${id}`, undefined],
      ['GET', `/api/members/${id}/grants`, undefined],
      ['PUT', `/api/members/${id}/grants/vs_1`, { role: 'editor' }],
    ] as const) {
      expect(await gil.send(method, path, sent)).toMatchObject({ status: 404, code: 'member_not_found' });
    }
    const pending = (await ana.send('POST', '/api/invitations', { email: 'x@example.com', role: 'viewer' })).body as {
      id: string;
    };
    expect(await gil.send('DELETE', `/api/invitations/${pending.id}`)).toMatchObject({ code: 'invitation_not_found' });
    expect((await ana.send('GET', '/api/tenants')).body).toMatchObject({
      data: [
        { id: 'default', memberCount: 1 },
        { name: 'Acme', memberCount: 1 },
      ],
    });
  });
});

describe('sessions', () => {
  it('end for every holder of the cookie at sign-out, when ended from another browser, and when the password changes', async () => {
    for (const end of [
      async () => ana.send('POST', '/api/sign-out'),
      async () => {
        const { data } = (await ana.send('GET', '/api/account/sessions')).body as {
          data: { id: string; isCurrent: boolean }[];
        };
        return ana.send('DELETE', `/api/account/sessions/${data.find(({ isCurrent }) => isCurrent)?.id}`);
      },
      async () => ana.send('POST', '/api/account/password', { current: PASSWORD, next: PASSWORD }),
    ]) {
      const thief = ana.copy();
      expect((await thief.send('GET', '/api/status')).status).toBe(200);
      expect((await end()).status).toBe(204);
      expect((await thief.send('GET', '/api/status')).status).toBe(401);
      await ana.send('POST', '/api/sign-in', { email: 'ana@example.com', password: PASSWORD });
      expect((await ana.send('GET', '/api/status')).status).toBe(200);
    }
  });

  it('expire after a week without use, and after thirty days in any case', async () => {
    api.clock.advance(7 * DAY_MS - 1);
    expect((await ana.send('GET', '/api/status')).status).toBe(200);
    await expect
      .poll(async () => (await ana.send('GET', '/api/account/sessions')).body)
      .toMatchObject({
        data: [{ lastSeenAt: Math.floor((1_800_000_000_000 + 7 * DAY_MS - 1) / 1000) }],
      });
    for (const _day of [13, 19, 25]) {
      api.clock.advance(6 * DAY_MS);
      expect((await ana.send('GET', '/api/status')).status).toBe(200);
      // Runs after the write that records the last use of the session.
      await api.services.db.transaction(async () => undefined);
    }
    api.clock.advance(6 * DAY_MS);
    expect((await ana.send('GET', '/api/status')).status).toBe(401);
  });

  it('are rejected when forged', async () => {
    const [token] = (ana.cookies.get('espejo_session') ?? '').split('.');
    for (const value of [token ?? '', `${token}.`, `${token}.${'A'.repeat(43)}%3D`, '.', '%E0%A4%A', '']) {
      const forger = createBrowser(api, '127.0.0.1', [['espejo_session', value]]);
      expect((await forger.send('GET', '/api/status')).status).toBe(401);
    }
  });

  it('reject changes that a page of another site sends', async () => {
    const attempts: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:3001' },
      { origin: 'http://localhost', 'sec-fetch-site': 'cross-site' },
      { origin: 'http://localhost', 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of attempts) {
      const answer = await ana.send('POST', '/api/vector-stores', { name: 'x' }, headers);
      expect(answer, JSON.stringify(headers)).toMatchObject({ status: 403, code: 'forbidden_origin' });
      expect((await ana.send('POST', '/api/sign-out', undefined, headers)).status).toBe(403);
    }
    expect((await sessionOf(ana)).state).toBe('signed_in');
    const { data } = (await ana.send('GET', '/api/vector-stores')).body as { data: unknown[] };
    expect(data).toEqual([]);
  });
});

it('an account lets its user change their own name and password', async () => {
  expect((await ana.send('PATCH', '/api/account', { name: 'Ana B.' })).body).toMatchObject({ name: 'Ana B.' });
  expect((await sessionOf(ana)).user?.name).toBe('Ana B.');
  const other = createBrowser(api);
  const signIn = (password: string) => other.send('POST', '/api/sign-in', { email: 'ana@example.com', password });
  expect((await signIn(PASSWORD)).status).toBe(200);
  const next = 'a wholly new password';
  expect(await ana.send('POST', '/api/account/password', { current: 'wrong', next })).toMatchObject({
    code: 'credentials_invalid',
  });
  expect((await ana.send('POST', '/api/account/password', { current: PASSWORD, next })).status).toBe(204);
  // Every other holder of the old password is signed out.
  expect([(await ana.send('GET', '/api/status')).status, (await other.send('GET', '/api/status')).status]).toEqual([
    200, 401,
  ]);
  expect([(await signIn(PASSWORD)).status, (await signIn(next)).status]).toEqual([401, 200]);
  expect(await ana.send('POST', '/api/account/password', { current: next, next: 'short' })).toMatchObject({
    status: 400,
  });
});
