import fc from 'fast-check';
import { bodyOf, type FuzzedBody } from './bodies.ts';
import { isOfPattern } from './declared-errors.ts';
import type { OpenApiDocument } from './document.ts';
import { UNUSUAL_TEXT } from './hostile-values.ts';
import type { RequestSources, Target } from './target.ts';
import { targetsOf } from './targets.ts';

/** A request for an operation, possibly malformed. */
export interface FuzzedRequest {
  readonly operationId: string;
  /** The method of the operation. */
  readonly isOwnMethod: boolean;
  /** Whether the path still matches the operation. */
  readonly isOnPath: boolean;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: FuzzedBody | undefined;
  /** A wrong content-length, if any. */
  readonly claimedLength: string | undefined;
}

/** Keys of requests: mostly the owner's, sometimes a limited one. */
export interface Keys {
  readonly owner: string;
  readonly others: readonly string[];
}

/** Three in four parts are valid, because a request that is wrong everywhere is rejected at the first check. */
const mostly = <T>(good: fc.Arbitrary<T>, fuzzed: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: good, weight: 3 }, { arbitrary: fuzzed, weight: 1 });
const rarely = <T>(good: fc.Arbitrary<T>, fuzzed: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: good, weight: 20 }, { arbitrary: fuzzed, weight: 1 });

/** Requests of every operation, malformed in their method, path, query, headers, body or length. */
export function fuzzedRequests(
  document: OpenApiDocument,
  sources: RequestSources,
  keys: Keys,
): fc.Arbitrary<FuzzedRequest> {
  return fc.constantFrom(...targetsOf(document, sources)).chain((target) =>
    fc
      .record({
        method: rarely(
          fc.constant(target.method),
          fc.constantFrom('PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE'),
        ),
        path: fc.tuple(pathOf(target, sources), queryOf(target)).map(([path, query]) => `${path}${query}`),
        headers: headersOf(keys),
        body: bodyOf(target),
        claimedLength: rarely(
          fc.constant(undefined),
          fc.constantFrom('0', '1', '-1', '1e3', '99999999999999999999', '', '5, 6', '0x10'),
        ),
      })
      .map((request) => ({
        ...request,
        operationId: target.operationId,
        isOwnMethod: request.method === target.method,
        isOnPath: isOfPattern(request.path, target.path),
      })),
  );
}

function pathOf(target: Target, sources: RequestSources): fc.Arbitrary<string> {
  const names = [...target.path.matchAll(/\{\w+\}/g)].map(([name]) => name);
  // No empty segment and no dot segment: those would be other paths.
  const id = mostly(fc.constantFrom(...sources.ids), UNUSUAL_TEXT).map((text) =>
    encodeURIComponent((/^\.{0,2}$/.test(text) ? 'x' : text.slice(0, 600)).toWellFormed()),
  );
  const raw = fc.constantFrom('%', '%zz', '%E0%A4%A', '..%2f..', '%00', 'x'.repeat(9000), ';a=b', '%2e%2e');
  return fc.tuple(...names.map(() => rarely(id, raw))).map((values) => {
    let path = target.path;
    for (const [index, name] of names.entries()) path = path.replace(name, () => values[index] ?? 'x');
    return path;
  });
}

function queryOf(target: Target): fc.Arbitrary<string> {
  const fields = Object.entries(target.query);
  const pair = (name: string, good: fc.Arbitrary<string>) =>
    fc.option(mostly(good, UNUSUAL_TEXT), { nil: undefined, freq: 2 }).map((text) => [name, text] as const);
  const fuzzed = fc.constantFrom(
    '',
    '?',
    '&a',
    '&a[b]=c',
    '&limit=1&limit=2',
    '&__proto__=1',
    '&%',
    '&a=%zz',
    '&=',
    '#x',
  );
  return fc
    .tuple(
      fc.tuple(...fields.map(([name, good]) => pair(name, good))),
      fc.option(UNUSUAL_TEXT, { nil: undefined, freq: 8 }),
      rarely(fc.constant(''), fuzzed),
    )
    .map(([pairs, unknown, tail]) => {
      const search = new URLSearchParams();
      for (const [name, text] of pairs) if (text !== undefined) search.append(name, text.toWellFormed());
      if (unknown !== undefined) search.append('unknown', unknown.toWellFormed());
      const text = `${search}${tail}`;
      return text === '' ? '' : `?${text}`;
    });
}

/** Values that a header can carry; invalid bytes are sent by other tests over a raw socket. */
const HEADER_TEXT = UNUSUAL_TEXT.map((text) => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, 500));

function headersOf({ owner: key, others: lesserKeys }: Keys): fc.Arbitrary<Record<string, string>> {
  const good = rarely(fc.constant(key), fc.constantFrom(...lesserKeys)).map(
    (bearer): Record<string, string> => ({ authorization: `Bearer ${bearer}` }),
  );
  const authorization = fc
    .oneof(
      fc.constantFrom(
        '',
        'Bearer',
        'Bearer ',
        `bearer  ${key}`,
        `Bearer ${key}x`,
        `Basic ${btoa(`a:${key}`)}`,
        'Bearer null',
      ),
      fc.constantFrom(`Bearer esp_${'0'.repeat(48)}`, `Bearer ${'a'.repeat(8000)}`, `Bearer ${key} ${key}`),
      HEADER_TEXT.map((text) => `Bearer ${text}`),
    )
    .map((value) => ({ authorization: value }));
  const others = fc.oneof(
    HEADER_TEXT.map((cookie) => ({ cookie })),
    HEADER_TEXT.map((value) => ({ 'x-request-id': value })),
    fc.constantFrom<Record<string, string>>(
      ...['__proto__=1; a=b;;;=', `session=${'x'.repeat(4000)}`].map((cookie) => ({ cookie })),
      ...['gzip', 'br, gzip', 'identity, x'].map((encoding) => ({ 'content-encoding': encoding })),
      ...['text/html', '*/*;q=x', ''].map((accept) => ({ accept })),
      { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': 'evil.example' },
      { 'x-http-method-override': 'DELETE' },
      { expect: '100-continue' },
      { origin: 'https://evil.example' },
      { range: 'bytes=5-1' },
      { 'if-none-match': '*' },
      { 'openai-organization': '\'"`', 'openai-beta': 'x' },
      { 'last-event-id': '-1' },
    ),
  );
  return fc.oneof(
    { arbitrary: good, weight: 16 },
    { arbitrary: authorization, weight: 1 },
    { arbitrary: fc.tuple(good, others).map(([a, b]) => ({ ...a, ...b })), weight: 3 },
  );
}
