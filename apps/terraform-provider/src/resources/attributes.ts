import {
  type Attribute,
  attribute,
  Dynamic,
  dynamicOf,
  isObject,
  isUnknown,
  type ObjectValue,
  type Value,
} from '@espejo/terraform-plugin';
import type { Chunking, FileAttributes, FileCounts } from '../client/rows.ts';

/* Attributes that several resources have, with the way between their values and the API's. */

const WAIT_S_DEFAULT = 1_800;
const PAIRS_MAX = 16;
const KEY_LENGTH_MAX = 64;
const VALUE_LENGTH_MAX = 512;

export const idAttribute = attribute.string({ computed: true, description: 'The id.' });

export const waitTimeout: Attribute = attribute.number({
  optional: true,
  default: WAIT_S_DEFAULT,
  description: 'How long to wait until the server has ingested files, in seconds.',
  check: (value) => (Number(value) >= 1 ? undefined : 'It must be at least 1 second.'),
});

export const text = (value: Value | undefined): string | null => (typeof value === 'string' ? value : null);
const number = (value: Value | undefined): number | null => (typeof value === 'number' ? value : null);
export const texts = (value: Value | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
export const secondsOf = (state: ObjectValue): number => number(state.wait_timeout_seconds) ?? WAIT_S_DEFAULT;

export const chunkingAttribute = (extra: { forcesReplacement: boolean; note: string }): Attribute =>
  attribute.nested(
    'single',
    {
      type: attribute.string({
        optional: true,
        default: 'static',
        description: '`static`, or `auto` for the server’s own choice (800 tokens, 400 of them overlapping).',
        check: oneOf('static', 'auto'),
      }),
      max_chunk_size_tokens: attribute.number({
        optional: true,
        description: 'For `static`: 100 to 4096 tokens per chunk.',
        check: between(100, 4096),
      }),
      chunk_overlap_tokens: attribute.number({
        optional: true,
        description: 'For `static`: tokens that a chunk shares with the previous one; at most half of a chunk.',
        check: between(0, 2048),
      }),
    },
    {
      optional: true,
      forcesReplacement: extra.forcesReplacement,
      description: `How files are split into chunks. ${extra.note}`,
    },
  );

/** Conflicts within a chunking strategy. */
export function chunkingFault(value: Value | undefined): string | undefined {
  if (!isObject(value)) return undefined;
  const { type, max_chunk_size_tokens: size, chunk_overlap_tokens: overlap } = value;
  if (isUnknown(type) || isUnknown(size) || isUnknown(overlap)) return undefined;
  const isStatic = type !== 'auto';
  if (isStatic && (size ?? null) === null) return 'The type static needs max_chunk_size_tokens.';
  if (!isStatic && ((size ?? null) !== null || (overlap ?? null) !== null)) return 'The type auto allows no sizes.';
  if (typeof size === 'number' && typeof overlap === 'number' && overlap * 2 > size) {
    return 'chunk_overlap_tokens must not exceed half of max_chunk_size_tokens.';
  }
  return undefined;
}

export function chunkingOf(value: Value | undefined): Chunking | null {
  if (!isObject(value)) return null;
  if (value.type === 'auto') return { type: 'auto' };
  return {
    type: 'static',
    static: {
      max_chunk_size_tokens: number(value.max_chunk_size_tokens) ?? 800,
      chunk_overlap_tokens: number(value.chunk_overlap_tokens) ?? 0,
    },
  };
}

export const fileAttributes = (description: string): Attribute =>
  attribute.dynamic({
    optional: true,
    description: `${description} At most 16 pairs: an object or a map with values of text, number or boolean. \`null\` clears them.`,
    check: (value) => fileAttributesFault(value),
  });

function fileAttributesFault(value: Value): string | undefined {
  const plain = value instanceof Dynamic ? value.value : value;
  if (isUnknown(plain)) return undefined;
  if (!isObject(plain)) return 'It must be an object: { lang = "en", year = 2026 }.';
  const entries = Object.entries(plain);
  if (entries.length > PAIRS_MAX) return `There are ${entries.length} pairs; at most ${PAIRS_MAX} are allowed.`;
  for (const [key, item] of entries) {
    if (key.length > KEY_LENGTH_MAX) return `The key '${key}' is longer than ${KEY_LENGTH_MAX} characters.`;
    if (isUnknown(item)) continue;
    if (!['string', 'number', 'boolean'].includes(typeof item)) {
      return `'${key}' is neither text nor number nor boolean. Leave out what has no value.`;
    }
    if (typeof item === 'string' && item.length > VALUE_LENGTH_MAX) {
      return `The value of '${key}' is longer than ${VALUE_LENGTH_MAX} characters.`;
    }
  }
  return undefined;
}

export function fileAttributesOf(value: Value | undefined): FileAttributes | null {
  const plain = value instanceof Dynamic ? value.value : null;
  return isObject(plain ?? null) ? (plain as unknown as FileAttributes) : null;
}

/** The server's attributes as state: known ones keep their type, so that equal values show no difference. */
export function fileAttributesState(remote: FileAttributes | null, known: Value | undefined): Value {
  const current = fileAttributesOf(known);
  const server = remote ?? {};
  const isSame =
    Object.keys(server).length === Object.keys(current ?? {}).length &&
    Object.entries(server).every(([key, value]) => String(current?.[key]) === String(value));
  if (isSame) return known ?? null;
  if (Object.keys(server).length === 0) return null;
  // A map stays a map if possible, for configurations that use one.
  const isTextMap = known instanceof Dynamic && known.type[0] === 'map' && known.type[1] === 'string';
  if (isTextMap && Object.values(server).every((value) => typeof value === 'string')) {
    return new Dynamic(['map', 'string'], server);
  }
  return dynamicOf(server);
}

/**
 * The common attributes of many files as the server has them: the known ones if every file has
 * them, else those of the first file that differs.
 */
export function commonAttributesState(remote: readonly FileAttributes[], known: Value | undefined): Value {
  for (const attributes of remote) {
    const state = fileAttributesState(attributes, known);
    if (state !== (known ?? null)) return state;
  }
  return known ?? null;
}

export const metadataAttribute: Attribute = attribute.of(['map', 'string'], {
  optional: true,
  description: 'At most 16 pairs; keys of up to 64 and values of up to 512 characters. `null` clears them.',
  check: (value) => {
    if (!isObject(value)) return undefined;
    const entries = Object.entries(value);
    if (entries.length > PAIRS_MAX) return `There are ${entries.length} pairs; at most ${PAIRS_MAX} are allowed.`;
    const long = entries.find(
      ([key, item]) => key.length > KEY_LENGTH_MAX || (typeof item === 'string' && item.length > VALUE_LENGTH_MAX),
    );
    return long === undefined ? undefined : `'${long[0]}' or its value is too long.`;
  },
});

const COUNTS = ['in_progress', 'completed', 'failed', 'cancelled', 'total'] as const;

export const fileCounts: Attribute = attribute.of(
  ['object', Object.fromEntries(COUNTS.map((name) => [name, 'number'] as const))],
  { computed: true, isVolatile: true, description: 'The number of files by status.' },
);

export function countsState(counts: FileCounts): ObjectValue {
  return Object.fromEntries(COUNTS.map((name) => [name, counts[name] ?? 0]));
}

export function oneOf(...allowed: readonly string[]): (value: Value) => string | undefined {
  return (value) =>
    allowed.includes(String(value)) ? undefined : `It must be one of ${allowed.map((word) => `'${word}'`).join(', ')}.`;
}

export function between(min: number, max: number): (value: Value) => string | undefined {
  return (value) =>
    Number.isInteger(Number(value)) && Number(value) >= min && Number(value) <= max
      ? undefined
      : `It must be a whole number from ${min} to ${max}.`;
}
