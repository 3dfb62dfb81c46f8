/** A type of Terraform's type system (cty), in the JSON form of the protocol. */
export type CtyType =
  | 'string'
  | 'number'
  | 'bool'
  | 'dynamic'
  | readonly ['list' | 'set' | 'map', CtyType]
  | readonly ['tuple', readonly CtyType[]]
  | readonly ['object', Readonly<Record<string, CtyType>>];

/** The value that is not known before apply. */
export const UNKNOWN: unique symbol = Symbol('unknown');
export type Unknown = typeof UNKNOWN;

/** A value of type `dynamic` with its actual type: `{a = 1, b = "x"}` where no single element type fits. */
export class Dynamic {
  readonly type: CtyType;
  readonly value: Value;

  constructor(type: CtyType, value: Value) {
    this.type = type;
    this.value = value;
  }
}

/** A value: whole numbers beyond 2^53 and numbers with many digits are decimal text. Sets are arrays in any order. */
export type Value = null | Unknown | string | number | boolean | Dynamic | readonly Value[] | ObjectValue;
export interface ObjectValue {
  readonly [name: string]: Value;
}

export const isUnknown = (value: unknown): value is Unknown => value === UNKNOWN;
export const isObject = (value: Value | undefined): value is ObjectValue =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Dynamic);

/** Whether any part of a value is unknown. */
export function hasUnknown(value: Value): boolean {
  if (isUnknown(value)) return true;
  if (value instanceof Dynamic) return hasUnknown(value.value);
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** The type of a plain value, as Terraform infers it for the same literal. */
export function typeOf(value: Value): CtyType {
  if (value instanceof Dynamic) return value.type;
  if (value === null || isUnknown(value)) return 'dynamic';
  if (Array.isArray(value)) return ['tuple', value.map(typeOf)];
  if (isObject(value)) return ['object', Object.fromEntries(Object.entries(value).map(([k, v]) => [k, typeOf(v)]))];
  return typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'bool' : 'string';
}

/** A Dynamic of a plain value. */
export const dynamicOf = (value: Value): Dynamic => new Dynamic(typeOf(value), value);

/** Whether two values of one type are equal for Terraform: sets in any order, an unknown equals only an unknown. */
export function isEqual(type: CtyType, a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a === null || b === null || isUnknown(a) || isUnknown(b)) return false;
  if (type === 'dynamic') {
    if (!(a instanceof Dynamic) || !(b instanceof Dynamic)) return false;
    return JSON.stringify(a.type) === JSON.stringify(b.type) && isEqual(a.type, a.value, b.value);
  }
  if (type === 'number') return String(a) === String(b);
  if (typeof type === 'string') return false;
  if (type[0] === 'object' || type[0] === 'map') {
    if (!isObject(a) || !isObject(b)) return false;
    const names = Object.keys(a);
    if (names.length !== Object.keys(b).length) return false;
    return names.every(
      (name) => Object.hasOwn(b, name) && isEqual(memberType(type, name), a[name] ?? null, b[name] ?? null),
    );
  }
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  if (type[0] === 'set') {
    const element = type[1];
    const rest = [...b];
    return a.every((item) => {
      const at = rest.findIndex((other) => isEqual(element, item, other));
      if (at !== -1) rest.splice(at, 1);
      return at !== -1;
    });
  }
  return a.every((item, index) =>
    isEqual(type[0] === 'tuple' ? (type[1][index] ?? 'dynamic') : type[1], item, b[index] ?? null),
  );
}

function memberType(type: Exclude<CtyType, string>, name: string): CtyType {
  return type[0] === 'object' ? (type[1][name] ?? 'dynamic') : type[0] === 'map' ? type[1] : 'dynamic';
}
