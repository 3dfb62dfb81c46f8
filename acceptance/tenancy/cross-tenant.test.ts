import { CONSOLE_ROUTES, type Role, type RouteContract } from '@espejo/contracts';
import { WIRE_ROUTES } from '@espejo/contracts/openai';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenApiDocument, operationsOf, readDocument } from '../openapi/document.ts';
import { API_KEY, type Espejo, startEspejo } from '../support/espejo.ts';
import { until } from '../support/sync.ts';
import { type Belongings, fillTenant } from './belongings.ts';
import { BODIES, FORMS, QUERIES } from './bodies.ts';
import { firstTenant, PROJECTS, secondTenant, type Tenant } from './open-tenants.ts';

interface Door {
  readonly name: string;
  readonly method: string;
  /** With `:name` where an id goes. */
  readonly path: string;
}

interface Side {
  readonly tenant: Tenant;
  readonly ids: Belongings;
  readonly marker: string;
}

/** They show who asks, and not what is whose; or are for nobody in particular. */
const ABOUT_NOBODY = new Set(['getSession', 'getWhoAmI']);
/** The operator of the installation knows of every tenant, though of nothing in it. */
const FOR_OPERATORS = /^\/api\/(tenants|plans)/;

let sandbox: RunningSandbox;
let espejo: Espejo;
let doors: Door[];
let first: Side;
let second: Side;

beforeAll(async () => {
  sandbox = await startSandbox({ keys: PROJECTS });
  espejo = await startEspejo({ env: { ESPEJO_SYNC_ENABLED: 'false' } });
  first = await side(await firstTenant(espejo, API_KEY), 'amethyst');
  second = await side(await secondTenant(espejo), 'basalt');
  for (const { tenant } of [first, second]) await atRest(tenant);
  doors = [...consoleDoors(await readDocument(espejo)), ...wireDoors()];
}, 120_000);
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

async function side(tenant: Tenant, marker: string): Promise<Side> {
  return { tenant, marker, ids: await fillTenant(espejo, sandbox, tenant, marker) };
}

/** Files on their way into stores change what a tenant has, whoever asks: each is there before anybody does. */
async function atRest({ call }: Tenant): Promise<void> {
  await until('every file to be in its store', async () => {
    const { data } = await call('listVectorStores', { query: { source: 'primary', limit: 200 } });
    return data.every(({ fileCounts }) => fileCounts.in_progress === 0) ? true : undefined;
  });
}

function consoleDoors(document: OpenApiDocument): Door[] {
  return operationsOf(document).map(({ method, path, operation }) => ({
    name: operation.operationId,
    method,
    path: path.replaceAll(/\{(\w+)\}/g, ':$1'),
  }));
}

function wireDoors(): Door[] {
  return Object.entries(WIRE_ROUTES).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ name: `${method} ${path}`, method, path: `/v1${path}` })),
  );
}

/** The same ids with other digits: of the same form, and nobody's. */
function nobodys(ids: Belongings): Belongings {
  return Object.fromEntries(
    Object.entries(ids).map(([kind, id]) => [kind, id.replace(/[A-Za-z0-9]{6}$/, (end) => otherDigits(end))]),
  );
}

function otherDigits(text: string): string {
  return [...text].map((digit) => (digit === '7' ? '3' : '7')).join('');
}

/** What a door is asked when these ids are put wherever it takes one. */
function requestTo({ name, method, path }: Door, ids: Belongings) {
  const segments = path.split('/');
  const filled = segments.map((segment, at) => {
    if (!segment.startsWith(':')) return segment;
    // Below `grants` it is a store.
    const kind = segments[at - 1] === 'grants' ? 'vector-stores' : (segments[at - 1] ?? '');
    const id = ids[kind];
    if (id === undefined) throw new Error(`${name}: belongings.ts does not say how one of '${kind}' comes to be.`);
    return id;
  });
  const query = new URLSearchParams(QUERIES[name]?.(ids) ?? {});
  return {
    path: `${filled.join('/')}${query.size === 0 ? '' : `?${query}`}`,
    ...bodyOf(name, method, ids),
  };
}

function bodyOf(name: string, method: string, ids: Belongings) {
  const field = FORMS[name];
  if (field === undefined) return method === 'GET' || method === 'DELETE' ? {} : { json: BODIES[name]?.(ids) ?? {} };
  const parts = [
    ...(field === 'file' ? [`--edge\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nassistants`] : []),
    `--edge\r\ncontent-disposition: form-data; name="${field}"; filename="mine.txt"\r\n\r\nmine`,
  ];
  const headers = { 'content-type': 'multipart/form-data; boundary=edge' };
  return { headers, body: `${parts.join('\r\n')}\r\n--edge--\r\n` };
}

/** Whether anything of what a door is asked depends on whose ids are put there. */
function namesSomething(door: Door, ids: Belongings): boolean {
  return JSON.stringify(requestTo(door, ids)) !== JSON.stringify(requestTo(door, nobodys(ids)));
}

/** Doors that no key opens: those of the operator, and of whoever is signed in. */
function isForSomebodyElse({ name, path }: Door): boolean {
  const routes: Readonly<Record<string, RouteContract>> = CONSOLE_ROUTES;
  return FOR_OPERATORS.test(path) || routes[name]?.action === 'person';
}

interface Heard {
  readonly status: number;
  readonly headers: readonly string[];
  readonly text: string;
}

/** An answer without what is of this request alone: its id, its moment and the ids it was asked with. */
async function ask(door: Door, key: string, ids: Belongings): Promise<Heard> {
  const { path, ...sent } = requestTo(door, ids);
  const answer = await espejo.request(door.method, path, { key, ...sent });
  let { text } = answer;
  for (const id of Object.values(ids)) text = text.replaceAll(id, 'ID');
  return {
    status: answer.status,
    headers: [...answer.headers.keys()].sort(),
    text: text
      .replaceAll(/"(requestId|request_id)":"[^"]*"/g, '"$1":""')
      .replaceAll(/req_[0-9a-f]{32}/g, 'REQ')
      .replaceAll(/"(durationMs|asOf|createdAt|at|id|key|prefix|lastUsedAt)":("[^"]*"|[\d.]+|null)/g, '"$1":""'),
  };
}

/** All of a tenant that somebody else could have changed, as its owner sees it. */
async function stateOf({ tenant, ids }: Side): Promise<unknown> {
  const { call } = tenant;
  const id = ids['vector-stores'] ?? '';
  return {
    // Whatever changes anything is in the audit.
    audit: (await call('listAuditEvents', { query: { limit: 1 } })).total,
    stores: await call('listVectorStores', { query: { limit: 200 } }),
    store: await call('getVectorStore', { params: { id } }),
    storeFiles: await call('listVectorStoreFiles', { params: { id }, query: {} }),
    files: await call('listFiles', { query: { limit: 200 } }),
    // When the next sync is due moves with the clock.
    connections: (await call('listConnections', {})).data.map(({ nextTicks: _, ...connection }) => connection),
    runs: await call('listSyncRuns', { query: {} }),
    deletions: await call('listDeletions', { query: {} }),
    transfers: await call('listTransfers', { query: {} }),
    settings: await call('getSettings', {}),
    guardrails: await call('getGuardrails', {}),
    keys: (await call('listApiKeys', {})).data.map(({ lastUsedAt: _, ...key }) => key),
  };
}

describe.each(['viewer', 'editor', 'admin', 'owner'] as const satisfies Role[])('as %s of another tenant', (role) => {
  it.each([
    ['the second’s', () => ({ mine: first, theirs: second })],
    ['the first’s', () => ({ mine: second, theirs: first })],
  ])('no door tells %s things from what is not there, shows any of them, or changes one', async (_, sides) => {
    const { mine, theirs } = sides();
    const before = await stateOf(theirs);
    const key = mine.tenant.keys[role];
    const told: string[] = [];
    for (const door of doors) {
      if (ABOUT_NOBODY.has(door.name)) continue;
      const [foreign, none] = [await ask(door, key, theirs.ids), await ask(door, key, nobodys(theirs.ids))];
      if (FOR_OPERATORS.test(door.path) && mine === first && role === 'owner') continue;
      if (foreign.status >= 500) told.push(`${door.name} failed: ${foreign.status} ${foreign.text}`);
      // A door that takes no id was asked the same twice, and may have more to tell the second time.
      if (namesSomething(door, theirs.ids) && JSON.stringify(foreign) !== JSON.stringify(none)) {
        told.push(`${door.name} tells them apart: ${JSON.stringify(foreign)} and ${JSON.stringify(none)}`);
      }
      // An owner is refused nothing for want of a role, so what is left is that it is not there.
      if (role === 'owner' && door.path.includes(':') && foreign.status !== 404 && !isForSomebodyElse(door))
        told.push(`${door.name} answers ${foreign.status} ${foreign.text}`);
      if (foreign.text.includes(theirs.marker)) told.push(`${door.name} shows ${theirs.marker}: ${foreign.text}`);
    }
    expect(told).toEqual([]);
    expect(await stateOf(theirs)).toEqual(before);
  });
});

it('the doors were open: each tenant’s own things are there for it', async () => {
  for (const { tenant, ids } of [first, second]) {
    for (const door of doors.filter(({ method, path }) => method === 'GET' && path.includes(':'))) {
      if (isForSomebodyElse(door) || door.path.includes('/file_batches/') || door.path.endsWith('/events')) continue;
      const { path } = requestTo(door, ids);
      const { status, text } = await espejo.request('GET', path, { key: tenant.keys.owner });
      expect({ door: door.name, status, text: status === 200 ? '' : text }).toMatchObject({ status: 200 });
    }
  }
});
