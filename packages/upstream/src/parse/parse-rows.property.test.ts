import type { JsonObject } from '@espejo/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../port.ts';
import { attachmentRow, fileRow, storeRow } from '../testing/wire-rows.ts';
import { parseAttachment } from './parse-attachment.ts';
import { parseFile } from './parse-file.ts';
import { parsePage } from './parse-page.ts';
import { parseStore } from './parse-store.ts';

const text = fc.string({ unit: 'grapheme' });
const id = text.filter((value) => value !== '' && value !== '.' && value !== '..');
const integer = fc.maxSafeInteger();
const jsonObject = fc.dictionary(text, fc.jsonValue());
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const fileCounts = fc.record({
  in_progress: integer,
  completed: integer,
  failed: integer,
  cancelled: integer,
  total: integer,
});

const store = fc.record({
  id,
  name: orNull(text),
  description: orNull(text),
  status: text,
  fileCounts,
  usageBytes: integer,
  metadata: orNull(jsonObject),
  expiresAfter: orNull(jsonObject),
  expiresAt: orNull(integer),
  lastActiveAt: orNull(integer),
  createdAt: integer,
});
const attachment = fc.record({
  fileId: id,
  status: text,
  usageBytes: orNull(integer),
  createdAt: integer,
  lastError: orNull(jsonObject),
  chunkingStrategy: orNull(jsonObject),
  attributes: orNull(jsonObject),
});
const file = fc.record({
  id,
  filename: text,
  bytes: orNull(integer),
  purpose: text,
  status: orNull(text),
  createdAt: integer,
  expiresAt: orNull(integer),
});

/** Fields of a later API, with names that no row has. */
const unknownFields = fc.dictionary(
  text.map((key) => `x_${key}`),
  fc.jsonValue(),
);
const withExtra = <T extends object>(arbitrary: fc.Arbitrary<T>) =>
  fc
    .tuple(arbitrary, unknownFields)
    .map(([row, extra]) => ({ ...row, extra: Object.keys(extra).length === 0 ? null : extra }));

/** Through JSON text, as a real row comes. */
const overTheWire = (row: unknown): unknown => JSON.parse(JSON.stringify(row));

/** Values that resemble a row: any JSON, or a valid row with some fields replaced by any JSON. */
function nearRow(row: fc.Arbitrary<object>): fc.Arbitrary<unknown> {
  const broken = fc
    .tuple(row, fc.dictionary(fc.constantFrom(...KNOWN_FIELDS), fc.jsonValue(), { maxKeys: 3 }))
    .map(([good, replacements]) => ({ ...good, ...replacements }));
  return fc.oneof(fc.jsonValue(), broken);
}
const KNOWN_FIELDS = [
  'id',
  'object',
  'name',
  'status',
  'file_counts',
  'usage_bytes',
  'metadata',
  'created_at',
  'bytes',
];

function describeParser<T extends { readonly extra: JsonObject | null }>(
  name: string,
  parse: (row: unknown) => T,
  snapshots: fc.Arbitrary<T>,
  toRow: (snapshot: T) => object,
): void {
  describe(name, () => {
    it('the row parsers read every row back to exactly its snapshot', () => {
      fc.assert(
        fc.property(snapshots, (snapshot) => {
          expect(parse(overTheWire(toRow(snapshot)))).toEqual(overTheWire(snapshot));
        }),
      );
    });

    it('the row parsers throw only malformed, and never make up a value', () => {
      fc.assert(
        fc.property(nearRow(snapshots.map(toRow)), (row) => {
          const received = overTheWire(row);
          const result = attempt(() => parse(received));
          if (result === 'malformed') return;
          const { extra, ...fields } = result;
          const given = new Set(Object.values(Object(received)).map((value) => JSON.stringify(value)));
          const made = [...Object.values(fields), ...Object.values(extra ?? {})];
          for (const value of made) expect(value === null || given.has(JSON.stringify(value))).toBe(true);
        }),
        { numRuns: 500 },
      );
    });
  });
}

function attempt<T>(parse: () => T): T | 'malformed' {
  try {
    return parse();
  } catch (error) {
    if (error instanceof UpstreamError && error.kind === 'malformed') return 'malformed';
    throw error;
  }
}

describeParser('parseStore', parseStore, withExtra(store), storeRow);
describeParser(
  'parseAttachment',
  (row) => parseAttachment(row, 'vs_1'),
  withExtra(attachment),
  (snapshot) => attachmentRow(snapshot, 'vs_1'),
);
describeParser('parseFile', parseFile, withExtra(file), fileRow);

describe('parsePage', () => {
  it('throws only malformed', () => {
    const envelope = fc.record(
      {
        object: fc.oneof(fc.constant('list'), fc.jsonValue()),
        data: fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
        has_more: fc.oneof(fc.boolean(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), envelope), (body) => {
        attempt(() => parsePage(body, 100, parseStore));
      }),
    );
  });
});
