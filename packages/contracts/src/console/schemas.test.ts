import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { ErrorBody, PageQuery, QueryBoolean, SearchText } from './common.ts';
import { PlanDeletionBody } from './deletions/deletions.ts';
import { ListFilesQuery } from './files/files.ts';
import type { RouteContract } from './route.ts';
import { CONSOLE_ROUTES } from './routes.ts';
import { CreateConnectionBody, UpdateConnectionBody } from './sync/connections.ts';
import { StartSyncRunBody } from './sync/sync-runs.ts';
import { ListVectorStoresQuery, UpdateVectorStoreBody } from './vector-stores/vector-stores.ts';

const takes = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

describe('page queries', () => {
  it('have their defaults', () => {
    expect(PageQuery.parse({})).toEqual({ limit: 50 });
    expect(ListVectorStoresQuery.parse({})).toEqual({ limit: 50, sort: 'createdAt', order: 'desc' });
    expect(ListFilesQuery.parse({})).toEqual({ limit: 50, sort: 'createdAt', order: 'desc' });
  });

  it('accept 1 to 200 rows, written as a whole number', () => {
    for (const limit of ['1', '200', '50']) expect(PageQuery.parse({ limit })).toEqual({ limit: Number(limit) });
    for (const limit of ['0', '201', '-1', '1.5', 'x', '', 'Infinity', ['1', '2']])
      expect(takes(PageQuery, { limit })).toBe(false);
  });

  it('accept true and false, and nothing similar', () => {
    expect(QueryBoolean.parse('true')).toBe(true);
    expect(QueryBoolean.parse('false')).toBe(false);
    expect(QueryBoolean.parse(undefined)).toBeUndefined();
    for (const text of ['1', '0', 'TRUE', 'yes', '']) expect(takes(QueryBoolean, text)).toBe(false);
  });

  it('search for any text without a NUL', () => {
    for (const text of ['', 'a', '%_"\'\\', '🧭', 'x'.repeat(LIMITS.searchTextMax), 'line\nbreak'])
      expect(takes(SearchText, text)).toBe(true);
    for (const text of ['\0', 'a\0b', 'a\n\0', 'x'.repeat(LIMITS.searchTextMax + 1)])
      expect(takes(SearchText, text)).toBe(false);
  });
});

describe('request bodies', () => {
  it('may be empty for a sync', () => {
    expect(StartSyncRunBody.parse({})).toEqual({ dryRun: false, full: false });
    expect(takes(StartSyncRunBody, { dry_run: true })).toBe(false);
  });

  it('need a name and a key for a new connection; the base URL is OpenAI’s by default', () => {
    expect(CreateConnectionBody.parse({ name: ' A ', apiKey: ' sk ' })).toEqual({
      name: 'A',
      apiKey: 'sk',
      baseUrl: 'https://api.openai.com/v1',
      organization: null,
      project: null,
      isSyncEnabled: true,
    });
    for (const bad of [
      { name: 'A' },
      { apiKey: 'k' },
      { name: ' ', apiKey: 'k' },
      { name: 'A', apiKey: '  ' },
      { name: 'A', apiKey: 'k', extra: 1 },
    ]) {
      expect(takes(CreateConnectionBody, bad)).toBe(false);
    }
  });

  it.each(['https://host/v1', 'http://127.0.0.1:4010/v1', 'http://[::1]/v1'])('accept the base URL %s', (baseUrl) => {
    expect(takes(UpdateConnectionBody, { baseUrl })).toBe(true);
  });

  it.each([
    'host/v1',
    'ftp://host',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '',
    'http://',
    `http://h/${'x'.repeat(2048)}`,
  ])('reject the base URL %j', (baseUrl) => {
    expect(takes(UpdateConnectionBody, { baseUrl })).toBe(false);
  });

  it('a deletion plan needs something to delete, be it the rest of another deletion', () => {
    expect(takes(PlanDeletionBody, {})).toBe(false);
    expect(takes(PlanDeletionBody, { restOf: 'del_1' })).toBe(true);
    expect(takes(PlanDeletionBody, { storeIds: ['vs_1'] })).toBe(true);
  });

  it('a deletion plan accepts connectionId only with orphans', () => {
    expect(takes(PlanDeletionBody, { orphans: true, connectionId: 'conn_1' })).toBe(true);
    expect(takes(PlanDeletionBody, { storeIds: ['vs_1'], connectionId: 'conn_1' })).toBe(false);
    expect(takes(PlanDeletionBody, { filter: { connectionId: 'conn_1' } })).toBe(true);
  });

  it('a deletion plan accepts exceptStoreIds only with a filter', () => {
    expect(takes(PlanDeletionBody, { filter: {}, exceptStoreIds: ['vs_1'] })).toBe(true);
    expect(takes(PlanDeletionBody, { storeIds: ['vs_1'], exceptStoreIds: ['vs_1'] })).toBe(false);
  });

  it('of an edit change what they name, and fill in nothing', () => {
    expect(UpdateConnectionBody.parse({})).toEqual({});
    expect(UpdateVectorStoreBody.parse({})).toEqual({});
    expect(UpdateVectorStoreBody.parse({ name: null, expiresAfter: null })).toEqual({ name: null, expiresAfter: null });
  });

  it('apply OpenAI’s limits to a store', () => {
    const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));
    const policy = (days: unknown, anchor = 'last_active_at') => ({ expiresAfter: { anchor, days } });
    for (const good of [
      { metadata: pairs(16) },
      { metadata: { ['k'.repeat(64)]: 'v'.repeat(512) } },
      policy(1),
      policy(365),
    ]) {
      expect(takes(UpdateVectorStoreBody, good)).toBe(true);
    }
    for (const bad of [
      { metadata: pairs(17) },
      { metadata: { ['k'.repeat(65)]: 'v' } },
      { metadata: { k: 'v'.repeat(513) } },
      { metadata: { k: 1 } },
      policy(0),
      policy(366),
      policy(1.5),
      policy(1, 'created_at'),
      { name: 'x'.repeat(LIMITS.nameMax + 1) },
      { expires_after: null },
    ]) {
      expect(takes(UpdateVectorStoreBody, bad)).toBe(false);
    }
  });
});

describe('console routes', () => {
  const routes = Object.entries<RouteContract>(CONSOLE_ROUTES);

  it.each(routes)('declare params for a path with an id, no body for GET, and a response schema: %s', (_, route) => {
    expect(route.path).toMatch(/^\/api\/[a-z-]+(\/(:[a-z][A-Za-z]*|[a-z-]+))*$/);
    expect(route.params !== undefined).toBe(route.path.includes(':'));
    if (route.method === 'GET' || route.method === 'DELETE') expect(route.body).toBeUndefined();
    if (route.method !== 'GET') expect(route.query).toBeUndefined();
    expect(route.summary).toMatch(/^[A-Z].*[^.]$/);
    expect(takes(route.response, undefined)).toBe(false);
  });

  it.each(routes)('have schemas that can be converted to JSON Schema: %s', (_, route) => {
    for (const schema of [route.params, route.query, route.body]) {
      if (schema !== undefined)
        expect(z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' })).toBeTypeOf('object');
    }
    expect(z.toJSONSchema(route.response, { target: 'draft-2020-12' })).toBeTypeOf('object');
  });

  it('have no response with a field for a key or a token, except those that create one', () => {
    const named: string[] = [];
    const walk = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        // Schemas have names as well as fields; only `$defs` has names of schemas.
        const isField = !path.endsWith('$defs');
        // A constant reveals nothing, such as that a password sign-in exists.
        const isTold = !(typeof inner === 'object' && inner !== null && 'const' in inner);
        if (isField && isTold && /^(key|apiKey|secret|token|password|apiKeyCipher)$/i.test(key)) named.push(path);
        walk(inner, `${path}.${key}`);
      }
    };
    for (const [name, route] of routes) walk(z.toJSONSchema(route.response), name);
    expect(named.map((path) => path.split('.')[0])).toEqual([
      'createApiKey',
      'rotateApiKey',
      'createInvitation',
      'createTenant',
    ]);
  });

  it('have errors of one shape', () => {
    expect(takes(ErrorBody, { error: { code: 'x', message: 'y', requestId: 'z' } })).toBe(true);
    expect(takes(ErrorBody, { error: { code: 'x', message: 'y' } })).toBe(false);
    expect(takes(ErrorBody, { code: 'x', message: 'y', requestId: 'z' })).toBe(false);
  });
});
