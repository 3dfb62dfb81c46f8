import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attachmentSnapshot, fileSnapshot, storeSnapshot } from '../testing/snapshots.ts';
import { attachmentHash, fileHash, storeFingerprint } from './fingerprint.ts';

const count = fc.nat();
const text = fc.oneof(fc.constant(null), fc.string({ unit: 'grapheme' }));
const instant = fc.oneof(fc.constant(null), fc.nat());
const object = fc.oneof(fc.constant(null), fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })));

/** Every field of each kind of row but its id, with values of all sorts. A new field must be added here to compile. */
const STORE = {
  name: text,
  description: text,
  status: fc.string(),
  fileCounts: fc.record({ in_progress: count, completed: count, failed: count, cancelled: count, total: count }),
  usageBytes: count,
  metadata: object,
  expiresAfter: object,
  expiresAt: instant,
  lastActiveAt: instant,
  createdAt: count,
  extra: object,
} satisfies Record<keyof Omit<ReturnType<typeof storeSnapshot>, 'id'>, unknown>;
const ATTACHMENT = {
  status: fc.string(),
  usageBytes: instant,
  createdAt: count,
  lastError: object,
  chunkingStrategy: object,
  attributes: object,
  extra: object,
} satisfies Record<keyof Omit<ReturnType<typeof attachmentSnapshot>, 'fileId'>, unknown>;
const FILE = {
  filename: fc.string({ unit: 'grapheme' }),
  bytes: instant,
  purpose: fc.string(),
  status: text,
  createdAt: count,
  expiresAt: instant,
  extra: object,
} satisfies Record<keyof Omit<ReturnType<typeof fileSnapshot>, 'id'>, unknown>;

const KINDS = [
  { kind: 'store', fields: STORE, hashOf: (row: object) => storeFingerprint(storeSnapshot(row)) },
  { kind: 'attachment', fields: ATTACHMENT, hashOf: (row: object) => attachmentHash(attachmentSnapshot(row)) },
  { kind: 'file', fields: FILE, hashOf: (row: object) => fileHash(fileSnapshot(row)) },
] as const;

describe.each(KINDS)('the hash of a $kind', ({ fields, hashOf }) => {
  const row: fc.Arbitrary<object> = fc.record(fields as Record<string, fc.Arbitrary<unknown>>);

  it.each(Object.entries(fields as Record<string, fc.Arbitrary<unknown>>))(
    'changes with %s alone',
    (field, arbitrary) => {
      fc.assert(
        fc.property(row, arbitrary, (before, value) => {
          const after = { ...before, [field]: value };
          const isSame = canonical(before) === canonical(after);
          expect(hashOf(after) === hashOf(before)).toBe(isSame);
        }),
      );
    },
  );

  it('is the same for the same row, whatever the order of its keys', () => {
    fc.assert(
      fc.property(row, (one) => {
        expect(hashOf(reordered(one) as object)).toBe(hashOf(structuredClone(one)));
      }),
    );
  });

  it('distinguishes null from an empty object and from the text "null"', () => {
    const hashes = [null, {}, { null: null }, { a: null }, { a: 'null' }, { a: {} }, { a: [] }].map((extra) =>
      hashOf({ extra }),
    );
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

it('does not change with the id of a store, because rows are compared by id', () => {
  expect(storeFingerprint(storeSnapshot({ id: 'vs_2' }))).toBe(storeFingerprint(storeSnapshot({ id: 'vs_1' })));
});

function reordered(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(reordered);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reordered(inner)]),
  );
}

/** The row as JSON with sorted keys: equal for equal rows. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))
      : inner,
  );
}
