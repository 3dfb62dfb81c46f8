import { CONSOLE_ROUTES, type RouteContract } from '@espejo/contracts';
import { WIRE_ROUTES } from '@espejo/contracts/openai';
import { type OpenApiDocument, operationsOf } from '../openapi/document.ts';
import type { Espejo } from '../support/espejo.ts';
import { BODIES, FORMS, QUERIES } from './bodies.ts';
import type { TenantFixture } from './tenant-fixture.ts';

/** One way in: an operation of `/api`, or a method and path of `/v1`. */
export interface Door {
  readonly name: string;
  readonly method: string;
  /** With `:name` where an id goes. */
  readonly path: string;
}

export function consoleDoors(document: OpenApiDocument): Door[] {
  return operationsOf(document).map(({ method, path, operation }) => ({
    name: operation.operationId,
    method,
    path: path.replaceAll(/\{(\w+)\}/g, ':$1'),
  }));
}

export function wireDoors(): Door[] {
  return Object.entries(WIRE_ROUTES).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ name: `${method} ${path}`, method, path: `/v1${path}` })),
  );
}

/** The same ids with other digits: of the same form, and nobody's. */
export function nobodys(ids: TenantFixture): TenantFixture {
  return Object.fromEntries(
    Object.entries(ids).map(([kind, id]) => [kind, id.replace(/[A-Za-z0-9]{6}$/, (end) => otherDigits(end))]),
  );
}

function otherDigits(text: string): string {
  return [...text].map((digit) => (digit === '7' ? '3' : '7')).join('');
}

/** What is sent to a door. */
export interface DoorRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: string;
}

/** Of what belongs to the installation and is the same for every tenant. */
const SHARED_IDS: Readonly<Record<string, string>> = { models: 'lexical-384' };

/** Whether a door takes the id of something that every tenant has. */
export function takesSharedId({ path }: Door): boolean {
  return Object.keys(SHARED_IDS).some((kind) => path.includes(`/${kind}/:`));
}

/** What a door is asked when these ids are put wherever it takes one. */
export function requestTo({ name, method, path }: Door, ids: TenantFixture): DoorRequest {
  const segments = path.split('/');
  const filled = segments.map((segment, at) => {
    if (!segment.startsWith(':')) return segment;
    // Below `grants` it is a store.
    const kind = segments[at - 1] === 'grants' ? 'vector-stores' : (segments[at - 1] ?? '');
    const id = SHARED_IDS[kind] ?? ids[kind];
    if (id === undefined) throw new Error(`${name}: belongings.ts does not say how one of '${kind}' comes to be.`);
    return id;
  });
  return { path: filled.join('/'), query: QUERIES[name]?.(ids) ?? {}, ...bodyOf(name, method, ids) };
}

function bodyOf(name: string, method: string, ids: TenantFixture) {
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
export function namesSomething(door: Door, ids: TenantFixture): boolean {
  return JSON.stringify(requestTo(door, ids)) !== JSON.stringify(requestTo(door, nobodys(ids)));
}

/** Doors that no key opens: those of the operator, and of whoever is signed in. */
export function isForSomebodyElse({ name }: Door): boolean {
  const routes: Readonly<Record<string, RouteContract>> = CONSOLE_ROUTES;
  return routes[name]?.isForOperators === true || routes[name]?.action === 'person';
}

export interface Heard {
  readonly status: number;
  readonly headers: readonly string[];
  readonly text: string;
}

/** An answer without what is of this request alone: its id, its moment and the ids it was asked with. */
export async function ask(
  espejo: Espejo,
  { method }: Door,
  { path, query, ...sent }: DoorRequest,
  options: { readonly key: string; readonly ids: readonly string[] },
): Promise<Heard> {
  const search = new URLSearchParams(query);
  const answer = await espejo.request(method, `${path}${search.size === 0 ? '' : `?${search}`}`, {
    key: options.key,
    ...sent,
  });
  let { text } = answer;
  // The longest first: the short id of one thing may be the end of another's.
  const ids = options.ids.toSorted((left, right) => right.length - left.length);
  for (const id of ids) text = text.replaceAll(id, 'ID');
  return {
    status: answer.status,
    headers: [...answer.headers.keys()].sort(),
    text: text
      .replaceAll(/"(requestId|request_id)":"[^"]*"/g, '"$1":""')
      .replaceAll(/req_[0-9a-f]{32}/g, 'REQ')
      .replaceAll(
        /"(durationMs|asOf|createdAt|at|id|key|prefix|lastUsedAt|planHash)":("[^"]*"|[\d.]+|null)/g,
        '"$1":""',
      ),
  };
}
