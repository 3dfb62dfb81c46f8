import fc from 'fast-check';
import type { Schema } from './document.ts';

type Schemas = Readonly<Record<string, Schema>>;

/** Values a schema of the document allows. */
export function allowed(schemas: Schemas, schema: Schema): fc.Arbitrary<unknown> {
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

function objectOf(schemas: Schemas, schema: Schema): fc.Arbitrary<unknown> {
  const { properties } = schema;
  if (properties === undefined)
    return fc.dictionary(fc.string({ maxLength: 10 }), fc.string({ maxLength: 10 }), { maxKeys: 4 });
  const fields = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, allowed(schemas, field)]));
  return fc.record(fields, { requiredKeys: Object.keys(fields).filter((name) => schema.required?.includes(name)) });
}
