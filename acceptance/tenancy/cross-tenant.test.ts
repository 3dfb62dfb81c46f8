import type { Role } from '@espejo/contracts';
import * as wire from '@espejo/contracts/openai';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDocument } from '../openapi/document.ts';
import { API_KEY, type Espejo, startEspejo } from '../support/espejo.ts';
import { expectStatus } from '../support/http.ts';
import { until } from '../support/sync.ts';
import {
  ask,
  consoleEndpoints,
  type Endpoint,
  isClosedToKeys,
  namesSomething,
  requestTo,
  takesSharedId,
  unknownIds,
  wireEndpoints,
} from './endpoints.ts';
import { FIELD_KINDS, findNamedFields, labelOf, type NamedField, WIRE_BODIES, withField } from './named-fields.ts';
import { firstTenant, PROJECTS, secondTenant, type Tenant } from './open-tenants.ts';
import { fillTenant, type TenantFixture } from './tenant-fixture.ts';

interface Side {
  readonly tenant: Tenant;
  readonly ids: TenantFixture;
  readonly marker: string;
}

/** They return only the principal of the request, or nothing of a tenant. */
const PUBLIC_OPERATIONS = new Set(['getSession', 'getWhoAmI']);

let sandbox: RunningSandbox;
let espejo: Espejo;
let endpoints: Endpoint[];
let first: Side;
let second: Side;

beforeAll(async () => {
  sandbox = await startSandbox({ keys: PROJECTS });
  espejo = await startEspejo({
    // The second tenant's project is on this machine.
    env: { ESPEJO_SYNC_ENABLED: 'false', ESPEJO_ALLOW_PRIVATE_UPSTREAMS: 'true' },
  });
  first = await side(await firstTenant(espejo, API_KEY), 'amethyst');
  second = await side(await secondTenant(espejo), 'basalt');
  for (const { tenant } of [first, second]) await atRest(tenant);
  endpoints = [...consoleEndpoints(await readDocument(espejo)), ...wireEndpoints()];
}, 1_200_000);
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

async function side(tenant: Tenant, marker: string): Promise<Side> {
  return { tenant, marker, ids: await fillTenant(espejo, sandbox, tenant, marker) };
}

/** Running ingestion changes the state of a tenant, so it must finish before the tests. */
async function atRest({ call }: Tenant): Promise<void> {
  await until('every file to be in its store', async () => {
    const { data } = await call('listVectorStores', { query: { source: 'primary', limit: 200 } });
    return data.every(({ fileCounts }) => fileCounts.in_progress === 0) ? true : undefined;
  });
}

/** The state of a tenant that another tenant could have changed, as its owner sees it. */
async function stateOf({ tenant, ids }: Side): Promise<unknown> {
  const { call } = tenant;
  const id = ids['vector-stores'] ?? '';
  return {
    // Every change is in the audit log.
    audit: (await call('listAuditEvents', { query: { limit: 1 } })).total,
    stores: await call('listVectorStores', { query: { limit: 200 } }),
    store: await call('getVectorStore', { params: { id } }),
    storeFiles: await call('listVectorStoreFiles', { params: { id }, query: {} }),
    files: await call('listFiles', { query: { limit: 200 } }),
    // The time of the next sync depends on the clock.
    connections: (await call('listConnections', {})).data.map(({ nextTicks: _, ...connection }) => connection),
    runs: await call('listSyncRuns', { query: {} }),
    deletions: await call('listDeletions', { query: {} }),
    transfers: await call('listTransfers', { query: {} }),
    settings: await call('getSettings', {}),
    guardrails: await call('getGuardrails', {}),
    keys: (await call('listApiKeys', {})).data.map(({ lastUsedAt: _, ...key }) => key),
  };
}

const askWith = (endpoint: Endpoint, key: string, ids: TenantFixture) =>
  ask(espejo, endpoint, requestTo(endpoint, ids), { key, ids: Object.values(ids) });

describe.each(['viewer', 'editor', 'admin', 'owner'] as const satisfies Role[])('a %s of another tenant', (role) => {
  it.each([
    ['the second’s', () => ({ mine: first, theirs: second })],
    ['the first’s', () => ({ mine: second, theirs: first })],
  ])(
    'gets the same answer for objects of %s tenant as for unknown ids, and reads or changes none of them',
    async (_, sides) => {
      const { mine, theirs } = sides();
      const before = await stateOf(theirs);
      const key = mine.tenant.keys[role];
      const failures: string[] = [];
      for (const endpoint of endpoints) {
        if (PUBLIC_OPERATIONS.has(endpoint.name)) continue;
        const [foreign, none] = [
          await askWith(endpoint, key, theirs.ids),
          await askWith(endpoint, key, unknownIds(theirs.ids)),
        ];
        if (foreign.status >= 500) failures.push(`${endpoint.name} failed: ${foreign.status} ${foreign.text}`);
        // An endpoint without an id got the same request twice, and its answer may have changed.
        if (namesSomething(endpoint, theirs.ids) && JSON.stringify(foreign) !== JSON.stringify(none)) {
          failures.push(`${endpoint.name} tells them apart: ${JSON.stringify(foreign)} and ${JSON.stringify(none)}`);
        }
        // An owner has every role, so the answer must be 404.
        const isOfATenant = endpoint.path.includes(':') && !takesSharedId(endpoint);
        if (role === 'owner' && isOfATenant && foreign.status !== 404 && !isClosedToKeys(endpoint))
          failures.push(`${endpoint.name} answers ${foreign.status} ${foreign.text}`);
        if (foreign.text.includes(theirs.marker))
          failures.push(`${endpoint.name} shows ${theirs.marker}: ${foreign.text}`);
      }
      expect(failures).toEqual([]);
      expect(await stateOf(theirs)).toEqual(before);
    },
  );
});

describe('a request field that contains an id', () => {
  const fields = findNamedFields();

  it('is in the table of fields for every contract', () => {
    expect(fields.map(labelOf).sort()).toEqual(Object.keys(FIELD_KINDS).sort());
    const bodies = Object.entries(wire).flatMap(([name, value]) => (name.endsWith('Body') ? [value] : []));
    expect(new Set(Object.values(WIRE_BODIES))).toEqual(new Set(bodies));
  });

  /** Sends an id in one field; all other ids are of the caller's tenant. */
  async function askFor(field: NamedField, id: string, own: { readonly ids: TenantFixture; readonly key: string }) {
    const endpoint = endpoints.find(({ name }) => name === field.operation);
    if (endpoint === undefined) throw new Error(`There is no endpoint '${field.operation}'.`);
    const request = requestTo(endpoint, own.ids);
    const sent =
      field.part === 'body'
        ? { ...request, json: withField(request.json, field.path, id) }
        : { ...request, query: { ...request.query, [field.path.join('.')]: id } };
    return ask(espejo, endpoint, sent, { key: own.key, ids: [id] });
  }

  const named = fields.flatMap((field) => {
    const kind = FIELD_KINDS[labelOf(field)];
    return kind == null ? [] : [[labelOf(field), field, kind] as const];
  });

  it.each(named)('is treated as unknown when the object belongs to another tenant: %s', async (_, field, kind) => {
    const before = await stateOf(first);
    const own = { ids: second.ids, key: second.tenant.keys.owner };
    const [theirs, none] = [first.ids[kind] ?? '', unknownIds(first.ids)[kind] ?? ''];
    const foreign = await askFor(field, theirs, own);
    expect(foreign).toEqual(await askFor(field, none, own));
    expect(foreign.status).toBeLessThan(500);
    expect(foreign.text).not.toContain(first.marker);
    expect(await stateOf(first)).toEqual(before);
  });

  describe('with a key limited to one store', () => {
    /** Objects of the first tenant outside the store that the key is limited to. */
    let beyond: { 'vector-stores': string; files: string };
    let own: { ids: TenantFixture; key: string };
    beforeAll(async () => {
      const { call, keys } = first.tenant;
      const { id } = await call('createVectorStore', { body: { name: 'Human resources' } });
      const path = `/api/vector-stores/${id}/uploads?filename=salaries.txt`;
      const uploaded = await espejo.request('POST', path, {
        key: keys.owner,
        headers: { 'content-type': 'text/plain' },
        body: 'SALARYSECRET',
      });
      expectStatus(uploaded, 201);
      beyond = { 'vector-stores': id, files: (uploaded.json as { id: string }).id };
      await atRest(first.tenant);
      const storeIds = [first.ids['vector-stores'] ?? ''];
      const { key } = await call('createApiKey', { body: { name: 'held', role: 'owner', storeIds } });
      own = { ids: first.ids, key };
    });

    it.each(named.filter(([, , kind]) => kind === 'vector-stores' || kind === 'mirror' || kind === 'files'))(
      'is treated as unknown when the object is outside the limit of the key: %s',
      async (_, field, kind) => {
        const before = await stateOf(first);
        const id = beyond[kind === 'files' ? 'files' : 'vector-stores'];
        const none = unknownIds({ id }).id ?? '';
        const answer = await askFor(field, id, own);
        expect(answer).toEqual(await askFor(field, none, own));
        // Only the refused key may be in the audit log.
        expect(await stateOf(first)).toEqual({ ...(before as object), audit: expect.any(Number) });
      },
    );

    it('can attach what the key uploaded or its store contains, and cannot read another file by attaching it', async () => {
      const storeId = first.ids['vector-stores'] ?? '';
      const attach = (fileId: string) =>
        espejo.request('POST', `/v1/vector_stores/${storeId}/files`, { key: own.key, json: { file_id: fileId } });
      expectStatus(await attach(first.ids.files ?? ''), 200);
      expectStatus(await attach(beyond.files), 404);
      const content = `/v1/vector_stores/${storeId}/files/${beyond.files}/content`;
      const read = await espejo.request('GET', content, { key: own.key });
      expect(read.status).toBe(404);
      expect(read.text).not.toContain('SALARYSECRET');
      const upload = await espejo.request('POST', `/api/vector-stores/${storeId}/uploads?filename=mine.txt`, {
        key: own.key,
        headers: { 'content-type': 'text/plain' },
        body: 'mine',
      });
      expectStatus(upload, 201);
      await atRest(first.tenant);
      expectStatus(await attach((upload.json as { id: string }).id), 200);
    });
  });
});

it('every endpoint of the suite answers 200 for objects of the own tenant', async () => {
  for (const { tenant, ids } of [first, second]) {
    for (const endpoint of endpoints.filter(({ method, path }) => method === 'GET' && path.includes(':'))) {
      if (isClosedToKeys(endpoint) || endpoint.path.includes('/file_batches/') || endpoint.path.endsWith('/events'))
        continue;
      const { path, query } = requestTo(endpoint, ids);
      const { status, text } = await espejo.request('GET', `${path}?${new URLSearchParams(query)}`, {
        key: tenant.keys.owner,
      });
      expect({ endpoint: endpoint.name, status, text: status === 200 ? '' : text }).toMatchObject({ status: 200 });
    }
  }
});
