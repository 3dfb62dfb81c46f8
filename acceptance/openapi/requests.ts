import fc from 'fast-check';
import { type OpenApiDocument, type Operation, operationsOf, type Schema } from './document.ts';

/** A request made from the document, then bent. */
export interface BentRequest {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface RequestSources {
  /** Ids that exist, so that requests reach what is behind the 404. */
  readonly ids: readonly string[];
  /** Cursors that were handed out. */
  readonly cursors: readonly string[];
  /** The one place connections may point to. */
  readonly baseUrl: string;
}

const UNUSUAL_TEXT = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '../..',
    '%',
    '"',
    "'; --",
    'true',
    'null',
    '[]',
    '{}',
    '0',
    '-1',
    '1e309',
    '𝕏',
    '\u202e',
    '__proto__',
  ),
  fc.string({ minLength: 250, maxLength: 3000 }),
);
const UNUSUAL_VALUE: fc.Arbitrary<unknown> = fc.oneof(
  UNUSUAL_TEXT,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, true, -1, 0, 1.5, 2 ** 53, 1e300, [], {}, [[]], { $ref: '#' }),
);
/** Three parts in four are as the document wants them: what is wrong everywhere is refused at the first look. */
const mostly = <T>(good: fc.Arbitrary<T>, bent: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: good, weight: 3 }, { arbitrary: bent, weight: 1 });

/** Requests of every operation: valid values, unusual ones in their place, fields too many and too few, bodies that are none. */
export function bentRequests(document: OpenApiDocument, sources: RequestSources): fc.Arbitrary<BentRequest> {
  return fc.constantFrom(...operationsOf(document)).chain(({ method, path, operation }) =>
    fc.record({
      operationId: fc.constant(operation.operationId),
      method: fc.oneof(
        { arbitrary: fc.constant(method), weight: 20 },
        { arbitrary: fc.constantFrom('PUT', 'DELETE', 'HEAD', 'OPTIONS'), weight: 1 },
      ),
      path: fc
        .tuple(idsOf(sources), queryOf(operation, sources))
        .map(([id, query]) => `${path.replace('{id}', encodeURIComponent(id.toWellFormed()))}${query}`),
      headers: fc.oneof(
        { arbitrary: fc.constant({ 'content-type': 'application/json' }), weight: 15 },
        {
          arbitrary: fc.constantFrom<Record<string, string>>(
            {},
            { 'content-type': 'text/plain' },
            { 'content-type': 'application/json; charset=x' },
          ),
          weight: 1,
        },
      ),
      body: bodyOf(document, operation, sources),
    }),
  );
}

function idsOf(sources: RequestSources): fc.Arbitrary<string> {
  // No empty segment, and none a client takes out of the path before it sends it: those are other operations.
  return mostly(fc.constantFrom(...sources.ids), UNUSUAL_TEXT).map((id) =>
    /^\.{0,2}$/.test(id) ? 'x' : id.slice(0, 600),
  );
}

function queryOf(operation: Operation, sources: RequestSources): fc.Arbitrary<string> {
  const fields = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
  const value = (name: string, schema: Schema) =>
    mostly(
      name === 'cursor'
        ? fc.constantFrom(...sources.cursors)
        : name === 'expression'
          ? fc.constant('*/5 * * * *')
          : allowed({}, schema).map(String),
      UNUSUAL_TEXT,
    );
  return fc
    .tuple(
      ...fields.map(({ name, schema }) =>
        fc.option(value(name, schema), { nil: undefined, freq: 2 }).map((text) => [name, text] as const),
      ),
      fc.option(UNUSUAL_TEXT, { nil: undefined, freq: 8 }).map((text) => ['unknown', text] as const),
    )
    .map((pairs) => {
      const search = new URLSearchParams();
      for (const [name, text] of pairs) if (text !== undefined) search.append(name, text.toWellFormed());
      return search.size === 0 ? '' : `?${search}`;
    });
}

function bodyOf(
  document: OpenApiDocument,
  operation: Operation,
  sources: RequestSources,
): fc.Arbitrary<string | undefined> {
  const schema = operation.requestBody?.content['application/json'].schema;
  if (schema === undefined)
    return fc.oneof({ arbitrary: fc.constant(undefined), weight: 9 }, { arbitrary: fc.json(), weight: 1 });
  const valid = allowed(document.components.schemas, schema);
  const bent = fc
    .tuple(valid, fc.string({ maxLength: 12 }), UNUSUAL_VALUE, fc.nat())
    .map(([value, extra, unusual, at]) => bend(value, extra, unusual, at));
  const json = mostly(valid, fc.oneof({ arbitrary: bent, weight: 4 }, { arbitrary: UNUSUAL_VALUE, weight: 1 }));
  return fc.oneof(
    {
      arbitrary: json.map((value) => JSON.stringify(pinPlace(operation.operationId, value, sources.baseUrl))),
      weight: 12,
    },
    { arbitrary: fc.constantFrom(undefined, '', '{', '{"a":', '\u0000', '{"__proto__":1}'), weight: 1 },
  );
}

/** One field replaced, taken away, or one too many. */
function bend(value: unknown, extra: string, unusual: unknown, at: number): unknown {
  if (typeof value !== 'object' || value === null) return unusual;
  const keys = Object.keys(value);
  const key = keys[at % Math.max(1, keys.length)] ?? extra;
  const entries = Object.entries(value);
  if (at % 3 === 0) return Object.fromEntries(entries.filter(([name]) => name !== key));
  if (at % 3 === 1) return Object.fromEntries([...entries, [extra, unusual]]);
  return Object.fromEntries(entries.map(([name, old]) => [name, name === key ? unusual : old]));
}

/** Connections point to the sandbox, or to nothing: a test asks no server of the world. */
function pinPlace(operationId: string, value: unknown, baseUrl: string): unknown {
  if (!/onnection/.test(operationId) || typeof value !== 'object' || value === null || Array.isArray(value))
    return value;
  const given = 'baseUrl' in value ? value.baseUrl : undefined;
  const isPlace = typeof given === 'string' ? URL.canParse(given) : given === undefined;
  return isPlace ? { ...value, baseUrl, ...('syncCron' in value ? { syncCron: '0 0 1 1 *' } : {}) } : value;
}

/** Values a schema allows. */
function allowed(schemas: Readonly<Record<string, Schema>>, schema: Schema): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return allowed(schemas, schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((option) => allowed(schemas, option)));
  switch (schema.type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1000, max: Math.min(schema.maximum ?? 100_000, 2 ** 31) });
    case 'string':
      return schema.format === 'uri'
        ? fc.webUrl()
        : fc.string({ minLength: schema.minLength ?? 0, maxLength: Math.min(schema.maxLength ?? 40, 40) });
    case 'array':
      return fc.array(allowed(schemas, schema.items ?? {}), { maxLength: 3 });
    case 'object':
      return objectOf(schemas, schema);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function objectOf(schemas: Readonly<Record<string, Schema>>, schema: Schema): fc.Arbitrary<unknown> {
  const { properties } = schema;
  if (properties === undefined)
    return fc.dictionary(fc.string({ maxLength: 10 }), fc.string({ maxLength: 10 }), { maxKeys: 4 });
  const fields = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, allowed(schemas, field)]));
  return fc.record(fields, { requiredKeys: Object.keys(fields).filter((name) => schema.required?.includes(name)) });
}
