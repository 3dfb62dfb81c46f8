/*
 * Protocol Buffers for the few messages of the plugin protocol, driven by descriptors. It has almost no start-up time, unlike
 * a generated library; Terraform starts a provider three or four times a command.
 */

export type Scalar = 'string' | 'bytes' | 'bool' | 'int64' | 'enum';

export interface Field {
  readonly number: number;
  /** A thunk where messages refer to each other. */
  readonly type: Scalar | (() => Descriptor);
  /** `map`: keys are strings. */
  readonly label?: 'repeated' | 'map' | undefined;
}

export type Descriptor = Readonly<Record<string, Field>>;

/** A decoded message: absent scalars have proto3's zero value, absent messages are undefined. */
// biome-ignore lint/suspicious/noExplicitAny: the descriptor has the shape, which is checked where it is read.
export type Message = Record<string, any>;

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** A descriptor with its lookups cached. */
interface Compiled {
  readonly fields: readonly (readonly [string, Field])[];
  readonly byNumber: ReadonlyMap<number, readonly [string, Field]>;
}
const compiled = new WeakMap<Descriptor, Compiled>();

function compile(descriptor: Descriptor): Compiled {
  const known = compiled.get(descriptor);
  if (known !== undefined) return known;
  const fields = Object.entries(descriptor);
  const made = { fields, byNumber: new Map(fields.map((entry) => [entry[1].number, entry])) };
  compiled.set(descriptor, made);
  return made;
}

/** Encodes a message. Fields that are undefined or null are left out. */
export function encodeMessage(descriptor: Descriptor, message: Message): Buffer {
  const parts: Uint8Array[] = [];
  for (const [name, field] of compile(descriptor).fields) {
    const value = message[name];
    if (value === undefined || value === null) continue;
    if (field.label === 'repeated') {
      for (const item of value) encodeField(field, item, parts);
    } else if (field.label === 'map') {
      for (const [key, item] of Object.entries(value)) {
        const entry: Uint8Array[] = [];
        encodeField({ number: 1, type: 'string' }, key, entry);
        encodeField({ number: 2, type: field.type }, item, entry);
        pushDelimited(field.number, Buffer.concat(entry), parts);
      }
    } else {
      encodeField(field, value, parts);
    }
  }
  return Buffer.concat(parts);
}

function encodeField({ number, type }: Field, value: unknown, parts: Uint8Array[]): void {
  if (typeof type === 'function') {
    pushDelimited(number, encodeMessage(type(), value as Message), parts);
  } else if (type === 'string') {
    pushDelimited(number, Buffer.from(String(value), 'utf8'), parts);
  } else if (type === 'bytes') {
    pushDelimited(number, value as Uint8Array, parts);
  } else {
    const bytes: number[] = [];
    pushVarint((number << 3) | VARINT, bytes);
    pushVarint(Number(value), bytes);
    parts.push(Uint8Array.from(bytes));
  }
}

function pushDelimited(number: number, body: Uint8Array, parts: Uint8Array[]): void {
  const bytes: number[] = [];
  pushVarint((number << 3) | LENGTH_DELIMITED, bytes);
  pushVarint(body.length, bytes);
  parts.push(Uint8Array.from(bytes), body);
}

/** A negative number takes ten bytes, as two's complement of 64 bits. */
function pushVarint(value: number, bytes: number[]): void {
  if (value < 0) {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    return;
  }
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
}

/** Decodes a message; fields that are not in the descriptor are skipped. Throws RangeError on truncated bytes. */
export function decodeMessage(descriptor: Descriptor, bytes: Uint8Array): Message {
  const { fields, byNumber } = compile(descriptor);
  const message: Message = {};
  for (const [name, { type, label }] of fields) {
    if (label === 'repeated') message[name] = [];
    else if (label === 'map') message[name] = {};
    else if (typeof type === 'string') message[name] = zeroOf(type);
  }
  const reader = { bytes, offset: 0 };
  while (reader.offset < bytes.length) {
    const tag = readVarint(reader);
    const wireType = tag & 7;
    const known = byNumber.get(tag >>> 3);
    if (known === undefined) {
      skip(reader, wireType);
      continue;
    }
    const [name, field] = known;
    const value = readValue(reader, field.type, wireType, field.label === 'map');
    if (field.label === 'repeated') message[name].push(value);
    else if (field.label === 'map') {
      const entry = decodeMessage(
        { key: { number: 1, type: 'string' }, value: { number: 2, type: field.type } },
        value as Uint8Array,
      );
      message[name][entry.key] = entry.value;
    } else message[name] = value;
  }
  return message;
}

function zeroOf(type: Scalar): unknown {
  if (type === 'string') return '';
  if (type === 'bytes') return new Uint8Array();
  return type === 'bool' ? false : 0;
}

interface Reader {
  readonly bytes: Uint8Array;
  offset: number;
}

function readValue(reader: Reader, type: Field['type'], wireType: number, isRaw: boolean): unknown {
  if (wireType === VARINT) {
    const value = readVarint(reader);
    return type === 'bool' ? value !== 0 : value;
  }
  const body = readDelimited(reader, wireType);
  if (isRaw || type === 'bytes') return body;
  if (typeof type === 'function') return decodeMessage(type(), body);
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
}

/** Bytes that a number up to 2^49 takes; longer ones are read with all their 64 bits. */
const PLAIN_VARINT_BYTES_MAX = 7;

function readVarint(reader: Reader): number {
  const { bytes, offset } = reader;
  let value = 0;
  let factor = 1;
  for (let n = 0; n < PLAIN_VARINT_BYTES_MAX; n += 1) {
    const byte = bytes[offset + n];
    if (byte === undefined) throw new RangeError('A message of the plugin protocol is cut off.');
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) {
      reader.offset = offset + n + 1;
      return value;
    }
    factor *= 0x80;
  }
  return Number(BigInt.asIntN(64, readLongVarint(reader)));
}

function readLongVarint(reader: Reader): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.bytes[reader.offset];
    if (byte === undefined) throw new RangeError('A message of the plugin protocol is cut off.');
    reader.offset += 1;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw new RangeError('A number of the plugin protocol is too long.');
}

function readDelimited(reader: Reader, wireType: number): Uint8Array {
  if (wireType !== LENGTH_DELIMITED) throw new RangeError(`Unexpected wire type ${wireType} in the plugin protocol.`);
  const length = readVarint(reader);
  const end = reader.offset + length;
  if (length < 0 || end > reader.bytes.length) throw new RangeError('A message of the plugin protocol is cut off.');
  const body = reader.bytes.subarray(reader.offset, end);
  reader.offset = end;
  return body;
}

function skip(reader: Reader, wireType: number): void {
  if (wireType === VARINT) readVarint(reader);
  else if (wireType === LENGTH_DELIMITED) readDelimited(reader, wireType);
  else if (wireType === 1) reader.offset += 8;
  else if (wireType === 5) reader.offset += 4;
  else throw new RangeError(`Unexpected wire type ${wireType} in the plugin protocol.`);
}
