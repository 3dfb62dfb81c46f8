import { expect, it } from 'vitest';
import { createApiHarness } from '../../testing/whole-api-harness.ts';

it('smoke', async () => {
  const api = await createApiHarness(1_800_000_000_000);
  const before = await api.send({ method: 'GET', url: '/api/session' });
  console.log(before.json());
  const setup = await api.send({ method: 'POST', url: '/api/setup', payload: { name: 'Ana', email: 'ana@example.com', password: 'correct horse' } });
  console.log(setup.statusCode, setup.body, setup.headers['set-cookie']);
  const cookie = [setup.headers['set-cookie']].flat().map((c) => String(c).split(';')[0]).join('; ');
  console.log((await api.send({ method: 'GET', url: '/api/status' })).body);
  console.log((await api.send({ method: 'GET', url: '/api/status', headers: { cookie } })).statusCode);
  console.log((await api.send({ method: 'POST', url: '/api/invitations', headers: { cookie }, payload: {email: 'bob@example.com', role: 'viewer'} })).body);
  console.log((await api.send({ method: 'POST', url: '/api/invitations', headers: { cookie, origin: 'http://localhost:80' }, payload: {email: 'bob@example.com', role: 'viewer'} })).body);
  console.log((await api.send({ method: 'GET', url: '/api/members', headers: { cookie } })).body);
  console.log((await api.send({ method: 'GET', url: '/api/account/sessions', headers: { cookie } })).body);
  console.log((await api.send({ method: 'POST', url: '/api/account/password', headers: { cookie, origin: 'http://localhost:80' }, payload: {current: 'correct horse', next:'correct horse 2'} })).headers);
  console.log(api.audit());
});
