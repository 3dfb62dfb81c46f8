import { CONSOLE_ROUTES, type CreatedApiKey, type CreatedTenant, type RouteContract } from '@espejo/contracts';
import { describe, expect, it } from 'vitest';
import { createBrowser, invite, setUp, type TestBrowser } from '../../testing/browser.ts';
import { type ApiHarness, createApiHarness } from '../../testing/whole-api-harness.ts';

const START_MS = 1_800_000_000_000;
const AUTOMATION_KEY = 'the-automation-key';
const FOR_OPERATORS = Object.entries<RouteContract>(CONSOLE_ROUTES).filter(([, route]) => route.isForOperators);

interface Knock {
  readonly browser: TestBrowser;
  readonly bearer?: string;
}

/** One of every kind of principal, in an installation with a second tenant. */
async function everyPrincipal(): Promise<Readonly<Record<string, Knock>>> {
  const api = await createApiHarness(START_MS, { ESPEJO_API_KEY: AUTOMATION_KEY });
  const ana = await ownerOf(api);
  const { id: acme } = (await ana.send('POST', '/api/tenants', { name: 'Acme' })).body as CreatedTenant;
  const admin = await invite(api, ana, { email: 'admin@example.com', role: 'admin' });
  const away = createBrowser(api);
  await away.send('POST', '/api/sign-in', { email: 'ana@example.com', password: 'correct horse battery' });
  await away.send('POST', '/api/session/tenant', { tenantId: acme });
  const ownerOfAcme = await invite(api, away, { email: 'gil@example.com', role: 'owner' });
  const keyOf = async (browser: TestBrowser, fields: object) =>
    ((await browser.send('POST', '/api/api-keys', { name: 'k', role: 'owner', ...fields })).body as CreatedApiKey).key;
  const visitor = createBrowser(api);
  // An owner of the first tenant who is a viewer in the one they work in.
  const viewerAway = await invite(api, ana, { email: 'vic@example.com', role: 'owner' });
  await joinAs(away, viewerAway, 'viewer');
  return {
    'an owner of the first tenant': { browser: ana },
    'an owner of the first tenant who works in another': { browser: away },
    'an owner of the first tenant who is a viewer where they work': { browser: viewerAway },
    'the automation key': { browser: visitor, bearer: AUTOMATION_KEY },
    'an admin of the first tenant': { browser: admin },
    'an owner of another tenant': { browser: ownerOfAcme },
    'a key of the first tenant with the owner role': { browser: visitor, bearer: await keyOf(ana, {}) },
    'a key of the first tenant limited to own': { browser: visitor, bearer: await keyOf(ana, { actions: ['own'] }) },
    'a key of another tenant': { browser: visitor, bearer: await keyOf(away, {}) },
    nobody: { browser: visitor },
  };
}

/** The automation key creates the first owner: no other principal is trusted beside it. */
async function ownerOf(api: ApiHarness): Promise<TestBrowser> {
  const browser = createBrowser(api);
  const body = { name: 'Ana', email: 'ana@example.com', password: 'correct horse battery' };
  await browser.send('POST', '/api/setup', body, { authorization: `Bearer ${AUTOMATION_KEY}` });
  return browser;
}

/** A user with an account joins the tenant where an owner works. */
async function joinAs(owner: TestBrowser, guest: TestBrowser, role: string): Promise<void> {
  const { body } = await owner.send('POST', '/api/invitations', { email: 'vic@example.com', role });
  const { token } = body as { token: string };
  expect((await guest.send('POST', '/api/invitations/accept', { token })).status).toBe(200);
}

const OPERATORS = new Set([
  'an owner of the first tenant',
  'an owner of the first tenant who works in another',
  'an owner of the first tenant who is a viewer where they work',
  'the automation key',
]);

describe('operations for operators', () => {
  it('are listed in the contract', () => {
    expect(FOR_OPERATORS.map(([name]) => name).sort()).toEqual([
      'createPlan',
      'createTenant',
      'deletePlan',
      'getTenantPlan',
      'listPlans',
      'listTenants',
      'putTenantPlan',
      'updatePlan',
    ]);
  });

  it('are open to operators and rejected for everyPrincipal else, every one of them', async () => {
    const principals = await everyPrincipal();
    const wrong: string[] = [];
    for (const [name, { method, path }] of FOR_OPERATORS) {
      for (const [who, { browser, bearer }] of Object.entries(principals)) {
        // An unknown id, and an invalid body: a permitted caller changes nothing.
        const url = path.replaceAll(/:\w+/g, 'none');
        const body = method === 'GET' || method === 'DELETE' ? undefined : { nonsense: true };
        const headers = bearer === undefined ? undefined : { authorization: `Bearer ${bearer}` };
        const { status, code } = await browser.send(method, url, body, headers);
        const refusal = who === 'nobody' ? 'unauthorized' : 'operator_required';
        const isRight = OPERATORS.has(who) ? [200, 400, 404].includes(status) : code === refusal;
        if (!isRight) wrong.push(`${name} to ${who}: ${status} ${code}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('are shown correctly in the session', async () => {
    for (const [who, { browser, bearer }] of Object.entries(await everyPrincipal())) {
      const headers = bearer === undefined ? undefined : { authorization: `Bearer ${bearer}` };
      const { body } = await browser.send('GET', '/api/session', undefined, headers);
      expect({ who, ...(body as object) }).toMatchObject({ who, isOperator: OPERATORS.has(who) });
    }
  });

  it('are audited in the operators’ tenant, whichever tenant the operator works in', async () => {
    const { 'an owner of the first tenant who is a viewer where they work': vic, 'an owner of the first tenant': ana } =
      await everyPrincipal();
    const made = await vic?.browser.send('POST', '/api/plans', { id: 'small', name: 'Small' });
    expect(made?.status).toBe(201);
    const { body } = (await ana?.browser.send('GET', '/api/audit-events?kind=plan')) ?? {};
    expect(body).toMatchObject({ data: [{ action: 'plan.created', subject: 'small', actor: 'vic@example.com' }] });
  });

  it('are open to local requests until there is an account', async () => {
    const api = await createApiHarness(START_MS);
    const local = createBrowser(api);
    expect((await local.send('POST', '/api/plans', { id: 'small', name: 'Small' })).status).toBe(201);
    const ana = await setUp(api);
    expect((await ana.send('GET', '/api/plans')).status).toBe(200);
    expect((await local.send('GET', '/api/plans')).status).toBe(401);
  });
});
