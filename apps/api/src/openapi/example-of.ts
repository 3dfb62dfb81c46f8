import { FIELD_VALUES } from './examples.ts';

/** The parts of JSON Schema that the document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
}

const DEPTH_MAX = 12;

/** An example value for a schema, built from the example values of its field names. */
export function exampleOf(schema: Schema, schemas: Readonly<Record<string, Schema>>): unknown {
  return make(schema, '', 0);

  function make(given: Schema, field: string, depth: number): unknown {
    const part = resolved(given);
    if (part.const !== undefined) return part.const;
    const known = FIELD_VALUES[field];
    if (known !== undefined && fits(known, part)) return known;
    if (part.enum !== undefined) return part.default ?? part.enum[0];
    const options = part.anyOf ?? part.oneOf;
    if (options !== undefined) return ofOptions(options, field, depth);
    if (depth > DEPTH_MAX) return null;
    if (part.allOf !== undefined) return Object.assign({}, ...part.allOf.map((one) => make(one, field, depth + 1)));
    switch (part.type) {
      case 'object':
        return Object.fromEntries(
          Object.entries(part.properties ?? {}).map(([name, property]) => [name, make(property, name, depth + 1)]),
        );
      case 'array':
        return part.items === undefined ? [] : [make(part.items, singular(field), depth + 1)];
      case 'string':
        return part.format === 'email' ? 'ada@example.com' : 'text';
      case 'integer':
      case 'number':
        return Math.min(part.maximum ?? 1, Math.max(part.minimum ?? 1, 1));
      case 'boolean':
        return part.default ?? false;
      default:
        return null;
    }
  }

  /** A nullable field gets a value when its name has one. */
  function ofOptions(options: readonly Schema[], field: string, depth: number): unknown {
    const known = FIELD_VALUES[field];
    const fitting = options.find((option) => known !== undefined && fits(known, option));
    if (fitting !== undefined) return known;
    const [first = {}] = options;
    const isNullable = options.some((option) => option.type === 'null');
    const isPlain = ['string', 'integer', 'number'].includes(resolved(first).type ?? '');
    return isNullable && isPlain && resolved(first).enum === undefined ? null : make(first, field, depth + 1);
  }

  function fits(value: unknown, given: Schema): boolean {
    const { type, enum: values, items, minimum = -Infinity, maximum = Infinity } = resolved(given);
    if (values !== undefined) return values.includes(value);
    switch (type) {
      case 'string':
        return typeof value === 'string';
      case 'integer':
      case 'number':
        return typeof value === 'number' && value >= minimum && value <= maximum;
      case 'boolean':
        return typeof value === 'boolean';
      case 'array':
        return Array.isArray(value) && (items === undefined || value.every((one) => fits(one, items)));
      case 'object':
        return typeof value === 'object' && value !== null && !Array.isArray(value);
      default:
        return false;
    }
  }

  function resolved(part: Schema): Schema {
    if (part.$ref === undefined) return part;
    const name = part.$ref.split('/').at(-1) ?? '';
    return resolved(schemas[name] ?? {});
  }
}

function singular(name: string): string {
  return name.endsWith('s') ? name.slice(0, -1) : name;
}
