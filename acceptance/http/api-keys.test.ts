import { CONSOLE_ROUTES, type ConsoleOperation, Role, type RouteContract, roleNeeded } from '@espejo/contracts';
import OpenAI, { AuthenticationError, PermissionDeniedError } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { expectErrorDetails } from '../support/http.ts';

const ROLES = Role.options;
const ROUTES = Object.entries(CONSOLE_ROUTES) as [ConsoleOperation, RouteContract][];
const rankOf = (role: Role) => ROLES.indexOf(role);

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

  it.each(ROUTES)('%s is for the roles that the contract says, and for no other', async (_, route) => {
    const needed = roleNeeded(route);
    const url = route.path.replaceAll(/:\w+/g, 'none');
    for (const role of ROLES) {
      // Broken, so that nobody who may is heard.
      const body = route.method === 'GET' ? undefined : '{"';
      const answer = await espejo.request(route.method, url, { key: keys[role].key, body });
      if (rankOf(role) < rankOf(needed)) {
        expect(expectErrorDetails(answer, 403, 'role_insufficient')).toEqual({ role, needed });
      } else {
        expect(answer.text, `${role} may`).not.toContain('role_insufficient');
        expect(answer.status, `${role} may`).not.toBe(401);
      }
    }
  });

  it('what is no call of the contract asks for a role as well', async () => {
    const ask = (method: string, path: string, role: Role) =>
      espejo.request(method, path, { key: keys[role].key, body: method === 'POST' ? 'x' : undefined });
    expect((await ask('GET', '/api/audit-events/export', 'editor')).status).toBe(403);
    expect((await ask('GET', '/api/audit-events/export', 'admin')).status).toBe(200);
    expect((await ask('POST', `/api/vector-stores/${storeId}/uploads?filename=a.txt`, 'viewer')).status).toBe(403);
    expect((await ask('GET', '/metrics', 'viewer')).status).toBe(200);
  });

  it('a viewer reads and searches through the official SDK, and changes nothing', async () => {
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

  it('say who asks, when they were used, and who did what', async () => {
    const answer = await espejo.request('GET', '/api/who-am-i', { key: keys.viewer.key });
    expect(answer.json).toEqual({ actor: 'key A viewer', role: 'viewer' });
    expect((await espejo.request('GET', '/api/who-am-i')).json).toEqual({ actor: 'api-key', role: 'owner' });
    const { data } = await espejo.call('listApiKeys', {});
    expect(data.find((key) => key.id === keys.viewer.id)?.lastUsedAt).toBeGreaterThan(0);
    const { data: events } = await espejo.call('listAuditEvents', { query: { actor: 'key A editor' } });
    expect(events.map((event) => event.action)).toContain('vector_store.created');
  });

  it('are changed over without a gap, end at once when they are revoked, and are never told again', async () => {
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
  it('that was revoked is a wrong key, also to this machine under /v1', async () => {
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
