import { AuditEvent, type ListAuditQuery } from '@espejo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { allPages } from '../support/pages.ts';

describe('the audit log', () => {
  let espejo: Espejo;
  const ids: string[] = [];

  beforeAll(async () => {
    espejo = await startEspejo({ env: { ESPEJO_SYNC_ENABLED: 'false' } });
    for (const name of ['One', 'Two', 'Three']) {
      ids.push((await espejo.call('createVectorStore', { body: { name } })).id);
    }
    await espejo.call('updateVectorStore', { params: { id: ids[0] ?? '' }, body: { name: 'First' } });
    const connection = await espejo.call('createConnection', {
      body: { name: 'Elsewhere', baseUrl: 'http://127.0.0.1:9/v1', apiKey: 'sk-never-told', isSyncEnabled: false },
    });
    ids.push(connection.id);
    const params = { id: connection.id };
    await espejo.call('updateConnection', { params, body: { apiKey: 'sk-told-to-nobody', name: 'There' } });
    await espejo.call('deleteConnection', { params });
  });
  afterAll(() => espejo?.[Symbol.asyncDispose]());

  it('lists who did what to which object, newest first, in pages', async () => {
    const { data, total } = await espejo.call('listAuditEvents', { query: { limit: 100 } });
    expect(data.map((event) => event.action).slice(0, 3)).toEqual([
      'connection.deleted',
      'connection.updated',
      'connection.created',
    ]);
    expect(total).toBe(data.length);
    expect(data.every((event) => event.actor === 'api-key')).toBe(true);
    const { rows: paged } = await allPages((cursor) => espejo.call('listAuditEvents', { query: { limit: 2, cursor } }));
    expect(paged).toEqual(data);
  });

  it('can be filtered by object, action and kind of object', async () => {
    const find = async (query: Partial<ListAuditQuery>) =>
      (await espejo.call('listAuditEvents', { query })).data.map((event) => [event.action, event.subject]);
    expect(await find({ q: ids[0] ?? '' })).toEqual([
      ['vector_store.updated', ids[0]],
      ['vector_store.created', ids[0]],
    ]);
    expect(await find({ kind: 'connection', q: 'updated' })).toEqual([['connection.updated', ids[3]]]);
    expect(await find({ kind: 'file' })).toEqual([]);
    expect(await find({ actor: 'expiry' })).toEqual([]);
  });

  it('names the edited fields of a connection and never contains a key', async () => {
    const { data } = await espejo.call('listAuditEvents', { query: { kind: 'connection' } });
    expect(data.find((event) => event.action === 'connection.updated')?.detail).toEqual({ fields: ['name', 'apiKey'] });
    expect(JSON.stringify(data)).not.toMatch(/sk-/);
  });

  it('is exported as one JSON object a line, equal to the list', async () => {
    const answer = await espejo.request('GET', '/api/audit-events/export?kind=vector_store');
    expect(answer.headers.get('content-type')).toMatch(/^application\/x-ndjson/);
    const lines = answer.text.trim().split('\n');
    const { data } = await espejo.call('listAuditEvents', { query: { kind: 'vector_store' } });
    expect(lines.map((line) => AuditEvent.parse(JSON.parse(line)))).toEqual(data);
  });

  it('requires the key, and so does /metrics', async () => {
    for (const path of ['/api/audit-events', '/api/audit-events/export', '/metrics']) {
      expect((await espejo.request('GET', path, { key: null })).status, path).toBe(401);
      expect((await espejo.request('GET', path)).status, path).toBe(200);
    }
    const { text } = await espejo.request('GET', '/metrics');
    expect(text).toMatch(/^espejo_primary_stores\{tenant="default"\} 3$/m);
    expect(text).toMatch(/espejo_http_request_duration_seconds_count\{.*operation="createVectorStore".*\} 3/);
    expect(text, 'labels come from the route table').not.toMatch(/vs_[0-9a-f]{8}/);
  });
});
