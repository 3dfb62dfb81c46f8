import type { Connection, CreateConnectionBody } from '@espejo/contracts';
import { expect } from 'vitest';
import type { Espejo } from './espejo.ts';
import type { Answer } from './http.ts';

/** Helpers for the connections of one Espejo; new ones use `defaults` for omitted fields. */
export interface Connections {
  create(body?: Partial<CreateConnectionBody>): Promise<Answer>;
  /** Creates one and asserts success. */
  created(body?: Partial<CreateConnectionBody>): Promise<Connection>;
  get(id: string): Promise<Connection>;
  patch(id: string, json: unknown): Promise<Answer>;
  remove(id: string): Promise<Answer>;
  /** Deletes connections made over the API, except those with this name. */
  clear(exceptNamed?: string): Promise<void>;
}

export function connectionsOf(espejo: Espejo, defaults: Pick<CreateConnectionBody, 'baseUrl' | 'apiKey'>): Connections {
  const create = (body: Partial<CreateConnectionBody> = {}) =>
    espejo.request('POST', '/api/connections', {
      json: { name: 'Project A', isSyncEnabled: false, ...defaults, ...body },
    });
  const get = (id: string) => espejo.call('getConnection', { params: { id } });
  const remove = (id: string) => espejo.request('DELETE', `/api/connections/${id}`);
  return {
    create,
    get,
    remove,
    async created(body) {
      const answer = await create(body);
      expect(answer.status).toBe(201);
      return get((answer.json as Connection).id);
    },
    patch: (id, json) => espejo.request('PATCH', `/api/connections/${id}`, { json }),
    async clear(exceptNamed) {
      for (const { id, origin, name } of (await espejo.call('listConnections', {})).data) {
        if (origin === 'console' && name !== exceptNamed) await remove(id);
      }
    },
  };
}
