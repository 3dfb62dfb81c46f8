import {
  Action,
  CONSOLE_ROUTES,
  type ConsoleOperation,
  isAboutOneStore,
  Role,
  type RouteContract,
} from '@espejo/contracts';
import OpenAI, { AuthenticationError, PermissionDeniedError } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { expectError, expectErrorDetails } from '../support/http.ts';

const ROLES = Role.options;
const ROUTES = Object.entries(CONSOLE_ROUTES) as [ConsoleOperation, RouteContract][];
const rankOf = (role: Role) => ROLES.indexOf(role);
/** The table of the documentation, repeated as an oracle. */
const ROLE_NEEDED: Readonly<Record<Exclude<RouteContract['action'], 'person'>, Role>> = {
  open: 'viewer',
  any: 'viewer',
  read: 'viewer',
  search: 'viewer',
  write: 'editor',
  delete: 'editor',
  sync: 'editor',
  manage: 'admin',
  own: 'owner',
};

describe('API keys', () => {
  let espejo: Espejo;
  const keys = {} as Record<Role, { id: string; key: string }>;
  let storeId = '';

  beforeAll(async () => {
    espejo = await startEspejo({ env: { ESPEJO_SYNC_ENABLED: 'false' } });
    for (const role of ROLES) {
      keys[role] = await espejo.call('createApiKey', { body: { name: `A ${role}`, role } });
    }
    storeId = (await espejo.call('createVectorStore', { body: { name: 'Ours' } })).id;
  });
  afterAll(() => espejo?.[Symbol.asyncDispose]());

  const clientOf = (key: string) => new OpenAI({ apiKey: key, baseURL: `${espejo.url}/v1`, maxRetries: 0 });

  it.each(ROUTES)('%s is allowed only for the roles in its contract', async (_, route) => {
    const url = route.path.replaceAll(/:\w+/g, 'none');
    if (route.action === 'person') {
      const answer = await espejo.request(route.method, url, { key: keys.owner.key });
      expectError(answer, 403, 'session_required');
      return;
    }
    const needed = ROLE_NEEDED[route.action];
    for (const role of ROLES) {
      // An invalid body, so that no allowed request has an effect.
      const body = route.method === 'GET' ? undefined : '{"';
      const answer = await espejo.request(route.method, url, { key: keys[role].key, body });
      if (route.isForOperators) {
        // A created key is never an operator, whatever its role.
        expectError(answer, 403, 'operator_required');
      } else if (rankOf(role) < rankOf(needed)) {
        expect(expectErrorDetails(answer, 403, 'role_insufficient')).toEqual({ role, needed });
      } else {
        expect([401, 403], `${role} may`).not.toContain(answer.status);
      }
    }
  });

  it('endpoints outside the contract check the role too', async () => {
    const ask = (method: string, path: string, role: Role) =>
      espejo.request(method, path, { key: keys[role].key, body: method === 'POST' ? 'x' : undefined });
    expect((await ask('GET', '/api/audit-events/export', 'editor')).status).toBe(403);
    expect((await ask('GET', '/api/audit-events/export', 'admin')).status).toBe(200);
    expect((await ask('POST', `/api/vector-stores/${storeId}/uploads?filename=a.txt`, 'viewer')).status).toBe(403);
    expect((await ask('GET', '/metrics', 'admin')).status).toBe(403);
    expect((await ask('GET', '/metrics', 'owner')).status).toBe(200);
  });

  it('a viewer can read and search through the official SDK and cannot change anything', async () => {
    const viewer = clientOf(keys.viewer.key);
    expect((await viewer.vectorStores.list()).data.map((store) => store.id)).toEqual([storeId]);
    expect((await viewer.vectorStores.search(storeId, { query: 'x' })).data).toEqual([]);
    for (const edit of [
      () => viewer.vectorStores.create({ name: 'Mine' }),
      () => viewer.vectorStores.update(storeId, { name: 'Mine' }),
      () => viewer.vectorStores.delete(storeId),
      () => viewer.files.create({ file: new File(['x'], 'x.txt'), purpose: 'assistants' }),
    ]) {
      await expect(edit()).rejects.toBeInstanceOf(PermissionDeniedError);
    }
    const made = await clientOf(keys.editor.key).vectorStores.create({ name: 'An editor may' });
    expect(made.name).toBe('An editor may');
    await clientOf(keys.editor.key).vectorStores.delete(made.id);
  });

  const limitable = ROUTES.filter(([, route]) => route.action !== 'person' && route.action !== 'open');
  it.each(limitable)('%s is refused to a key limited to other actions or other stores', async (name, route) => {
    const ask = async (key: string) => {
      const body = route.method === 'GET' ? undefined : '{"';
      return espejo.request(route.method, route.path.replaceAll(/:\w+/g, 'none'), { key, body });
    };
    const others = Action.options.filter((action) => action !== route.action);
    const { key } = await espejo.call('createApiKey', {
      body: { name: `not ${name}`, role: 'owner', actions: others },
    });
    const { key: here } = await espejo.call('createApiKey', {
      body: { name: `one store ${name}`, role: 'owner', storeIds: [storeId] },
    });
    if (route.action === 'any') {
      expect([(await ask(key)).status, (await ask(here)).status]).toEqual([200, 200]);
      return;
    }
    if (route.isForOperators) {
      for (const held of [key, here]) expectError(await ask(held), 403, 'operator_required');
      return;
    }
    const details = expectErrorDetails(await ask(key), 403, 'scope_insufficient');
    expect(details).toEqual({ needed: route.action, actions: others });
    if (isAboutOneStore(route) || route.isNarrowed) return;
    expectErrorDetails(await ask(here), 403, 'scope_insufficient');
  });

  it('a key limited to some stores sees those stores only', async () => {
    const other = await espejo.call('createVectorStore', { body: { name: 'Not for everybody' } });
    const { key } = await espejo.call('createApiKey', {
      body: { name: 'One store', role: 'editor', storeIds: [storeId] },
    });
    const held = clientOf(key);
    expect((await held.vectorStores.list()).data.map((store) => store.id)).toEqual([storeId]);
    expect((await held.vectorStores.update(storeId, { metadata: { by: 'the key' } })).metadata).toEqual({
      by: 'the key',
    });
    const { json } = await espejo.request('GET', '/api/vector-stores', { key });
    expect(json).toMatchObject({ total: 1, data: [{ id: storeId }] });
    expect((await espejo.request('GET', '/api/vector-stores/facets', { key })).json).toMatchObject({
      source: { primary: 1 },
    });

    // Identical to the answer for an unknown id, except for the id.
    const ofNobody = `vs_${'0'.repeat(32)}`;
    for (const [method, path, body] of [
      ['GET', '/api/vector-stores/:id', undefined],
      ['PATCH', '/api/vector-stores/:id', { name: 'Mine' }],
      ['PATCH', '/api/vector-stores/:id', { nonsense: true }],
      ['GET', '/api/vector-stores/:id/files', undefined],
      ['POST', '/api/vector-stores/:id/search', { queries: ['x'] }],
      ['GET', '/api/vector-stores/:id/ingestion/events', undefined],
      ['POST', '/api/vector-stores/:id/uploads?filename=a.txt', undefined],
      ['GET', '/v1/vector_stores/:id', undefined],
      ['POST', '/v1/vector_stores/:id', { name: 'Mine' }],
      ['DELETE', '/v1/vector_stores/:id', undefined],
      ['POST', '/v1/vector_stores/:id/search', { query: 'x' }],
      ['GET', '/v1/vector_stores/:id/files', undefined],
    ] as const) {
      const answers = [other.id, ofNobody].map(async (id) => {
        const answer = await espejo.request(method, path.replace(':id', id), { key, json: body });
        const text = answer.text.replaceAll(id, 'ID').replace(/"requestId":"[^"]+"/, '');
        return { status: answer.status, text };
      });
      const [theirs, unknown] = await Promise.all(answers);
      expect({ ...theirs, path }).toMatchObject({ status: 404 });
      expect(theirs, path).toEqual(unknown);
    }
    expect((await espejo.call('getVectorStore', { params: { id: other.id } })).name).toBe('Not for everybody');
  });

  it('a refused request is in the audit log once, however often it is repeated', async () => {
    for (let time = 0; time < 3; time += 1)
      await espejo.request('POST', '/api/sync-runs', { key: keys.viewer.key, json: {} });
    const { data } = await espejo.call('listAuditEvents', { query: { q: 'startSyncRun', actor: 'key A viewer' } });
    expect(data).toMatchObject([
      {
        action: 'access.denied',
        subject: 'startSyncRun',
        outcome: 'denied',
        detail: { code: 'role_insufficient', role: 'viewer', needed: 'editor' },
        requestId: expect.any(String),
        address: '127.0.0.1',
      },
    ]);
  });

  it('identify the caller, record their last use and appear as actor in the audit log', async () => {
    const answer = await espejo.request('GET', '/api/who-am-i', { key: keys.viewer.key });
    expect(answer.json).toEqual({
      actor: 'key A viewer',
      role: 'viewer',
      actions: null,
      storeIds: null,
    });
    expect((await espejo.request('GET', '/api/who-am-i')).json).toMatchObject({ actor: 'api-key', role: 'owner' });
    const { data } = await espejo.call('listApiKeys', {});
    expect(data.find((key) => key.id === keys.viewer.id)?.lastUsedAt).toBeGreaterThan(0);
    const { data: events } = await espejo.call('listAuditEvents', { query: { actor: 'key A editor' } });
    expect(events.map((event) => event.action)).toContain('vector_store.created');
  });

  it('can be replaced without a gap, stop working when revoked, and are shown only once', async () => {
    const { id, key } = await espejo.call('createApiKey', {
      body: { name: 'Deploy', role: 'viewer', expiresInDays: 1 },
    });
    const works = async (one: string) => (await espejo.request('GET', '/api/status', { key: one })).status === 200;
    const second = await espejo.call('rotateApiKey', { params: { id }, body: {} });
    expect([await works(key), await works(second.key)]).toEqual([true, true]);
    const third = await espejo.call('rotateApiKey', { params: { id: second.id }, body: { overlapHours: 0 } });
    expect([await works(second.key), await works(third.key)]).toEqual([false, true]);
    await espejo.call('revokeApiKey', { params: { id: third.id } });
    await espejo.call('revokeApiKey', { params: { id: third.id } });
    expect(await works(third.key)).toBe(false);
    await expect(clientOf(third.key).vectorStores.list()).rejects.toBeInstanceOf(AuthenticationError);
    const { data } = await espejo.call('listApiKeys', {});
    expect(data.filter((one) => one.name === 'Deploy').map((one) => one.state)).toEqual([
      'revoked',
      'expired',
      'active',
    ]);

    const told = [await espejo.request('GET', '/api/api-keys'), await espejo.request('GET', '/api/audit-events')];
    for (const secret of [key, second.key, third.key, keys.owner.key]) {
      expect(espejo.log).not.toContain(secret);
      for (const answer of told) expect(answer.text).not.toContain(secret);
    }
  });
});

describe('an API key while no key is configured', () => {
  it('is rejected after it was revoked, also from this machine under /v1', async () => {
    await using espejo = await startEspejo({ apiKey: null, env: { ESPEJO_SYNC_ENABLED: 'false' } });
    const { id, key } = await espejo.call('createApiKey', { body: { name: 'Once', role: 'editor' } });
    const client = new OpenAI({ apiKey: key, baseURL: `${espejo.url}/v1`, maxRetries: 0 });
    expect((await client.vectorStores.list()).data).toEqual([]);
    await espejo.call('revokeApiKey', { params: { id } });
    await expect(client.vectorStores.list()).rejects.toBeInstanceOf(AuthenticationError);
    const any = new OpenAI({ apiKey: 'none', baseURL: `${espejo.url}/v1`, maxRetries: 0 });
    expect((await any.vectorStores.list()).data).toEqual([]);
  });
});
