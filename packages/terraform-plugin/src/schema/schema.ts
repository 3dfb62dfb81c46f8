import type { CtyType, ObjectValue, Value } from '../cty/types.ts';

export type Nesting = 'single' | 'list' | 'set' | 'map';

export interface AttributeOptions {
  /** Markdown, for the docs and for editors. */
  readonly description: string;
  readonly required?: boolean | undefined;
  readonly optional?: boolean | undefined;
  /** The provider sets its value; together with `optional`, if the configuration does not. */
  readonly computed?: boolean | undefined;
  readonly sensitive?: boolean | undefined;
  /** The value if the configuration has none. Makes the attribute computed. */
  readonly default?: Value | undefined;
  /** A change replaces the object. */
  readonly forcesReplacement?: boolean | undefined;
  /** For a computed attribute: any change may change it, so a change plans it as unknown. */
  readonly isVolatile?: boolean | undefined;
  /** Returns what is wrong with a known value, or undefined. */
  readonly check?: ((value: Exclude<Value, null>) => string | undefined) | undefined;
}

export interface Attribute extends AttributeOptions {
  readonly type: CtyType;
  readonly nested?: { readonly nesting: Nesting; readonly attributes: Attributes } | undefined;
}
export type Attributes = Readonly<Record<string, Attribute>>;

export interface Schema {
  readonly version: number;
  /** Markdown description. */
  readonly description: string;
  readonly attributes: Attributes;
}

const plain =
  (type: CtyType) =>
  (options: AttributeOptions): Attribute => ({ type, ...options });

/** Attributes of a schema, by type. */
export const attribute = {
  string: plain('string'),
  number: plain('number'),
  bool: plain('bool'),
  dynamic: plain('dynamic'),
  of: (type: CtyType, options: AttributeOptions): Attribute => ({ type, ...options }),
  /** `name = { … }`, a nested attribute. */
  nested(nesting: Nesting, attributes: Attributes, options: AttributeOptions): Attribute {
    const element = typeOfAttributes(attributes);
    return { type: nesting === 'single' ? element : [nesting, element], nested: { nesting, attributes }, ...options };
  },
};

const typesOfAttributes = new WeakMap<Attributes, CtyType>();

/** The object type of a set of attributes. */
export function typeOfAttributes(attributes: Attributes): CtyType {
  const known = typesOfAttributes.get(attributes);
  if (known !== undefined) return known;
  const members = Object.entries(attributes).map(([name, { type }]) => [name, type] as const);
  const type: CtyType = ['object', Object.fromEntries(members)];
  typesOfAttributes.set(attributes, type);
  return type;
}

export const isComputed = (attribute: Attribute): boolean =>
  attribute.computed === true || attribute.default !== undefined;

/** An object of the schema with every attribute: those given, null for the rest. */
export function fill(schema: Schema, values: ObjectValue): ObjectValue {
  return Object.fromEntries(Object.keys(schema.attributes).map((name) => [name, values[name] ?? null]));
}

/**
 * The reasons for which core would reject a schema or panic, a sentence each. For the tests of a provider: core itself
 * only reports a broken provider, or stops without a message.
 */
export function schemaFaults(schema: Schema): readonly string[] {
  const faults: string[] = [];
  const visit = (attributes: Attributes, path: string, isInSet: boolean): void => {
    for (const [name, spec] of Object.entries(attributes)) {
      const at = `${path}${name}`;
      const computed = isComputed(spec);
      if (!/^[a-z_][a-z0-9_]*$/.test(name)) faults.push(`${at}: the name has other characters than a-z, 0-9 and _.`);
      if (spec.required === true && spec.optional === true) faults.push(`${at}: both required and optional.`);
      if (spec.required === true && computed) faults.push(`${at}: both required and computed.`);
      if (spec.required !== true && spec.optional !== true && !computed) {
        faults.push(`${at}: neither required nor optional nor computed.`);
      }
      if (isInSet && holdsDynamic(spec.type)) faults.push(`${at}: a dynamic value in a set.`);
      if (spec.description.trim() === '') faults.push(`${at}: no description.`);
      faults.push(...typeFaults(spec.type, at));
      if (spec.nested !== undefined) {
        visit(spec.nested.attributes, `${at}.`, isInSet || spec.nested.nesting === 'set');
      }
    }
  };
  visit(schema.attributes, '', false);
  return faults;
}

function holdsDynamic(type: CtyType): boolean {
  return type === 'dynamic' || (typeof type !== 'string' && JSON.stringify(type).includes('"dynamic"'));
}

function typeFaults(type: unknown, at: string): readonly string[] {
  if (typeof type === 'string') {
    return ['string', 'number', 'bool', 'dynamic'].includes(type) ? [] : [`${at}: no type '${type}'.`];
  }
  if (!Array.isArray(type) || type.length !== 2) return [`${at}: ${JSON.stringify(type)} is no type.`];
  const [kind, inner] = type as [string, unknown];
  if (kind === 'list' || kind === 'set' || kind === 'map') return typeFaults(inner, at);
  if (kind === 'tuple' && Array.isArray(inner)) return inner.flatMap((item) => typeFaults(item, at));
  if (kind === 'object' && typeof inner === 'object' && inner !== null) {
    return Object.values(inner).flatMap((item) => typeFaults(item, at));
  }
  return [`${at}: ${JSON.stringify(type)} is no type.`];
}
