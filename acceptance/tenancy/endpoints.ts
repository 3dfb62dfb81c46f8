import { CONSOLE_ROUTES, type RouteContract } from '@espejo/contracts';
import { WIRE_ROUTES } from '@espejo/contracts/openai';
import { type OpenApiDocument, operationsOf } from '../openapi/document.ts';
import type { Espejo } from '../support/espejo.ts';
import { BODIES, FORMS, QUERIES } from './bodies.ts';
import type { TenantFixture } from './tenant-fixture.ts';

/** An endpoint: an operation of `/api`, or a method and path of `/v1`. */
export interface Endpoint {
  readonly name: string;
  readonly method: string;
  /** With `:name` where an id goes. */
  readonly path: string;
}

export function consoleEndpoints(document: OpenApiDocument): Endpoint[] {
  return operationsOf(document).map(({ method, path, operation }) => ({
    name: operation.operationId,
    method,
    path: path.replaceAll(/\{(\w+)\}/g, ':$1'),
  }));
}

export function wireEndpoints(): Endpoint[] {
  return Object.entries(WIRE_ROUTES).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ name: `${method} ${path}`, method, path: `/v1${path}` })),
  );
}

/** The same ids with other digits: well-formed and unknown. */
export function unknownIds(ids: TenantFixture): TenantFixture {
  return Object.fromEntries(
    Object.entries(ids).map(([kind, id]) => [kind, id.replace(/[A-Za-z0-9]{6}$/, (end) => otherDigits(end))]),
  );
}

function otherDigits(text: string): string {
  return [...text].map((digit) => (digit === '7' ? '3' : '7')).join('');
}

/** A request to an endpoint. */
export interface EndpointRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: string;
}

/** Objects of the installation, the same for every tenant. */
const SHARED_IDS: Readonly<Record<string, string>> = { models: 'lexical-384' };

/** Whether an endpoint takes the id of an object that all tenants share. */
export function takesSharedId({ path }: Endpoint): boolean {
  return Object.keys(SHARED_IDS).some((kind) => path.includes(`/${kind}/:`));
}

/** The request to an endpoint with these ids wherever it takes one. */
export function requestTo({ name, method, path }: Endpoint, ids: TenantFixture): EndpointRequest {
  const segments = path.split('/');
  const filled = segments.map((segment, at) => {
    if (!segment.startsWith(':')) return segment;
    // Below `grants` it is a store.
    const kind = segments[at - 1] === 'grants' ? 'vector-stores' : (segments[at - 1] ?? '');
    const id = SHARED_IDS[kind] ?? ids[kind];
    if (id === undefined) throw new Error(`${name}: tenant-fixture.ts creates no object of kind '${kind}'.`);
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

/** Whether the request to an endpoint depends on these ids. */
export function namesSomething(endpoint: Endpoint, ids: TenantFixture): boolean {
  return JSON.stringify(requestTo(endpoint, ids)) !== JSON.stringify(requestTo(endpoint, unknownIds(ids)));
}

/** Endpoints that no key may use: those of operators, and those that need a session. */
export function isClosedToKeys({ name }: Endpoint): boolean {
  const routes: Readonly<Record<string, RouteContract>> = CONSOLE_ROUTES;
  return routes[name]?.isForOperators === true || routes[name]?.action === 'person';
}

export interface Heard {
  readonly status: number;
  readonly headers: readonly string[];
  readonly text: string;
}

/** An answer without the request id, times and the ids of the request. */
export async function ask(
  espejo: Espejo,
  { method }: Endpoint,
  { path, query, ...sent }: EndpointRequest,
  options: { readonly key: string; readonly ids: readonly string[] },
): Promise<Heard> {
  const search = new URLSearchParams(query);
  const answer = await espejo.request(method, `${path}${search.size === 0 ? '' : `?${search}`}`, {
    key: options.key,
    ...sent,
  });
  let { text } = answer;
  // The longest first, because a short id may be the end of another.
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
