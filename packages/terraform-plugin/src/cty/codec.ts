import { Decoder, Encoder, ExtData, ExtensionCodec } from '@msgpack/msgpack';
import { type CtyType, Dynamic, isObject, isUnknown, type ObjectValue, UNKNOWN, type Value } from './types.ts';

/*
 * cty values as MessagePack. Core sends an unknown value as extension 0, and a refined one ("starts
 * with vs_") as extension 12. Both are decoded as unknown, and so is every other extension.
 */

const extensions = new ExtensionCodec();
for (const type of [0, 12]) extensions.register({ type, encode: () => null, decode: () => UNKNOWN });
// Created once: each has its own buffer, and there are hundreds of short calls.
const encoder = new Encoder({ extensionCodec: extensions, useBigInt64: true });
const decoder = new Decoder({ extensionCodec: extensions, useBigInt64: true });

/** The encoding of an unknown value: extension 0 with one byte, as core writes it. */
const UNKNOWN_ON_THE_WIRE = new ExtData(0, Uint8Array.of(0));

/** Decodes a value of this type. Throws if the bytes do not match it. */
export function decodeValue(type: CtyType, bytes: Uint8Array): Value {
  return fromWire(type, decoder.decode(bytes));
}

/** Encodes a value of this type. Every attribute of an object is written, null where the value lacks it. */
export function encodeValue(type: CtyType, value: Value): Uint8Array {
  return encoder.encode(toWire(type, value, []));
}

function fromWire(type: CtyType, raw: unknown): Value {
  if (raw === null || raw === undefined) return null;
  if (raw === UNKNOWN || raw instanceof ExtData) return UNKNOWN;
  if (type === 'dynamic') {
    const [typeBytes, value] = raw as [Uint8Array, unknown];
    const actual = JSON.parse(Buffer.from(typeBytes).toString('utf8')) as CtyType;
    return new Dynamic(actual, fromWire(actual, value));
  }
  if (type === 'number') return numberFromWire(raw);
  if (type === 'string' || type === 'bool') return raw as string | boolean;
  if (type[0] === 'list' || type[0] === 'set') return (raw as unknown[]).map((item) => fromWire(type[1], item));
  if (type[0] === 'tuple') return (raw as unknown[]).map((item, index) => fromWire(type[1][index] ?? 'dynamic', item));
  const members: Record<string, Value> = {};
  for (const [name, item] of Object.entries(raw as Record<string, unknown>)) {
    setMember(members, name, fromWire(type[0] === 'object' ? (type[1][name] ?? 'dynamic') : type[1], item));
  }
  return members;
}

/** A number as a JavaScript number if that is exact, else as decimal text. */
function numberFromWire(raw: unknown): Value {
  if (typeof raw === 'bigint') return Number.isSafeInteger(Number(raw)) ? Number(raw) : raw.toString();
  if (typeof raw === 'string') return String(Number(raw)) === raw ? Number(raw) : raw;
  return raw as number;
}

/** `path` is the position in the whole value: names are pushed on entry and popped on return. */
function toWire(type: CtyType, value: Value, path: string[]): unknown {
  if (value === null || value === undefined) return null;
  if (isUnknown(value)) return UNKNOWN_ON_THE_WIRE;
  if (type === 'dynamic') {
    if (!(value instanceof Dynamic)) throw misfit(path, 'a Dynamic', value);
    return [Buffer.from(JSON.stringify(value.type)), toWire(value.type, value.value, path)];
  }
  if (type === 'string') return typeof value === 'string' ? value : fail(path, 'text', value);
  if (type === 'bool') return typeof value === 'boolean' ? value : fail(path, 'a boolean', value);
  if (type === 'number') return numberToWire(value, path);
  if (type[0] === 'object' || type[0] === 'map') {
    if (!isObject(value)) throw misfit(path, type[0] === 'object' ? 'an object' : 'a map', value);
    return type[0] === 'object' ? attributesToWire(type[1], value, path) : mapToWire(type[1], value, path);
  }
  if (!Array.isArray(value)) throw misfit(path, 'a list', value);
  return value.map((item, index) =>
    within(path, String(index), type[0] === 'tuple' ? (type[1][index] ?? 'dynamic') : type[1], item),
  );
}

function attributesToWire(types: Readonly<Record<string, CtyType>>, value: ObjectValue, path: string[]): unknown {
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(types, name)) continue;
    throw new TypeError(`The value has '${[...path, name].join('.')}', which its schema lacks.`);
  }
  const members: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(types))
    setMember(members, name, within(path, name, type, value[name] ?? null));
  return members;
}

function mapToWire(type: CtyType, value: ObjectValue, path: string[]): unknown {
  const members: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) setMember(members, name, within(path, name, type, item));
  return members;
}

function within(path: string[], name: string, type: CtyType, value: Value): unknown {
  path.push(name);
  const wire = toWire(type, value, path);
  path.pop();
  return wire;
}

/** Sets an own member, whatever its name. */
function setMember<T>(members: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__')
    Object.defineProperty(members, name, { value, enumerable: true, writable: true, configurable: true });
  else members[name] = value;
}

/** Fractions are sent as decimal text, because binary 0.1 differs from the 0.1 of the configuration. */
function numberToWire(value: Value, path: readonly string[]): unknown {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'string' && /^-?\d/.test(value)) return value;
  throw misfit(path, 'a number', value);
}

function fail(path: readonly string[], wanted: string, value: Value): never {
  throw misfit(path, wanted, value);
}

/** Never shows the value, which may be a secret. */
function misfit(path: readonly string[], wanted: string, value: Value): TypeError {
  return new TypeError(`'${path.join('.') || 'value'}' is ${typeof value}, not ${wanted}.`);
}
