import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../port.ts';
import { parseAttachment } from './parse-attachment.ts';
import { parseFile } from './parse-file.ts';
import { parsePage } from './parse-page.ts';
import { parseStore } from './parse-store.ts';

/* Rows as recorded from the real API. */
const STORE = {
  id: 'vs_68c9eda7fd0c8191be12ef7c0d1999db',
  object: 'vector_store',
  created_at: 1758064040,
  name: null,
  description: null,
  usage_bytes: 0,
  file_counts: { in_progress: 5, completed: 0, failed: 0, cancelled: 0, total: 5 },
  status: 'in_progress',
  expires_after: { anchor: 'last_active_at', days: 7 },
  expires_at: 1758668840,
  last_active_at: 1758064040,
  metadata: {},
};
const ATTACHMENT = {
  id: 'file-6hiZAFNmFjLSVnYek4EaBm',
  object: 'vector_store.file',
  usage_bytes: 1045,
  created_at: 1758064041,
  vector_store_id: 'vs_1',
  status: 'failed',
  last_error: { code: 'unsupported_file', message: 'no' },
  chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
  attributes: { topic: 'a', year: 2024, isPublic: true },
};
const FILE = {
  object: 'file',
  id: 'file-8b8J1x9SpFKobop9wFkAZs',
  purpose: 'assistants',
  filename: 'a.txt',
  bytes: 50,
  created_at: 1780006012,
  expires_at: null,
  status: 'processed',
  status_details: null,
};

function without<T extends object>(row: T, key: string): Partial<T> {
  const copy = { ...row };
  Reflect.deleteProperty(copy, key);
  return copy;
}

const asAttachment = (row: unknown) => parseAttachment(row, 'vs_1');

describe('parseStore', () => {
  it('reads a recorded row, with nulls as sent', () => {
    expect(parseStore(STORE)).toEqual({
      id: 'vs_68c9eda7fd0c8191be12ef7c0d1999db',
      name: null,
      description: null,
      status: 'in_progress',
      fileCounts: { in_progress: 5, completed: 0, failed: 0, cancelled: 0, total: 5 },
      usageBytes: 0,
      metadata: {},
      expiresAfter: { anchor: 'last_active_at', days: 7 },
      expiresAt: 1758668840,
      lastActiveAt: 1758064040,
      createdAt: 1758064040,
      extra: null,
    });
  });

  it('treats what the published schema does not have as absent', () => {
    const row = ['description', 'metadata', 'expires_after', 'expires_at', 'last_active_at', 'name', 'object'].reduce(
      (rest, key) => without(rest, key) as typeof STORE,
      STORE,
    );
    expect(parseStore(row)).toMatchObject({ name: null, description: null, metadata: null, lastActiveAt: null });
  });

  it('keeps null metadata apart from empty metadata', () => {
    expect(parseStore({ ...STORE, metadata: null }).metadata).toBeNull();
    expect(parseStore(STORE).metadata).toEqual({});
  });

  it.each(['id', 'created_at', 'status', 'file_counts', 'usage_bytes'])('rejects a row without %s', (key) => {
    expect(() => parseStore(without(STORE, key))).toThrow(UpstreamError);
  });

  it.each(['in_progress', 'completed', 'failed', 'cancelled', 'total'])('rejects counts without %s', (key) => {
    expect(() => parseStore({ ...STORE, file_counts: without(STORE.file_counts, key) })).toThrow(key);
  });
});

describe('parseAttachment', () => {
  it('reads a recorded row', () => {
    expect(asAttachment(ATTACHMENT)).toEqual({
      fileId: 'file-6hiZAFNmFjLSVnYek4EaBm',
      status: 'failed',
      usageBytes: 1045,
      createdAt: 1758064041,
      lastError: { code: 'unsupported_file', message: 'no' },
      chunkingStrategy: { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
      attributes: { topic: 'a', year: 2024, isPublic: true },
      extra: null,
    });
  });

  it('reads a row of a batch that upstream has not finished: no bytes, no attributes, created at 0', () => {
    const row = { id: 'file-1', object: 'vector_store.file', created_at: 0, status: 'in_progress', last_error: null };
    expect(asAttachment(row)).toMatchObject({ createdAt: 0, usageBytes: null, attributes: null });
  });

  it.each(['id', 'created_at', 'status'])('rejects a row without %s', (key) => {
    expect(() => asAttachment(without(ATTACHMENT, key))).toThrow(UpstreamError);
  });

  it('rejects a row that names another store', () => {
    expect(() => parseAttachment(ATTACHMENT, 'vs_2')).toThrow('another vector store');
  });
});

describe('parseFile', () => {
  it('reads a recorded row, without an object for a deprecated null', () => {
    expect(parseFile(FILE)).toEqual({
      id: 'file-8b8J1x9SpFKobop9wFkAZs',
      filename: 'a.txt',
      bytes: 50,
      purpose: 'assistants',
      status: 'processed',
      createdAt: 1780006012,
      expiresAt: null,
      extra: null,
    });
    expect(parseFile({ ...FILE, status_details: 'odd' }).extra).toEqual({ status_details: 'odd' });
  });

  it('accepts a size that upstream does not know yet', () => {
    expect(parseFile({ ...FILE, bytes: null }).bytes).toBeNull();
  });

  it.each(['id', 'created_at', 'filename', 'purpose'])('rejects a row without %s', (key) => {
    expect(() => parseFile(without(FILE, key))).toThrow(UpstreamError);
  });
});

describe.each([
  ['parseStore', parseStore, STORE],
  ['parseAttachment', asAttachment, ATTACHMENT],
  ['parseFile', parseFile, FILE],
] as const)('the fields of %s', (_, parse, row) => {
  it('are kept when they are unknown, as received', () => {
    const { extra } = parse({ ...row, shards: { count: 3 }, _beta: null });
    expect(extra).toEqual({ shards: { count: 3 }, _beta: null });
  });

  it('are kept as data when one is named __proto__', () => {
    const { extra } = parse(JSON.parse(`{"__proto__": {"polluted": true}, ${JSON.stringify(row).slice(1)}`));
    expect(Object.keys(extra ?? {})).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(extra)).toBe(Object.prototype);
  });

  it('may have an unknown status', () => {
    expect(parse({ ...row, status: 'paused_for_review' }).status).toBe('paused_for_review');
  });

  it('are rejected with another type, and accepted without one', () => {
    expect(() => parse({ ...row, object: 'assistant' })).toThrow(UpstreamError);
    expect(parse(without(row, 'object'))).toEqual(parse(row));
  });

  it.each(['', '.', '..', 7, null])('are rejected with the id %j, which no path can hold', (id) => {
    expect(() => parse({ ...row, id })).toThrow('"id"');
  });

  it.each([null, [], 'row', 3, true, undefined])('are rejected when the row is %j', (value) => {
    expect(() => parse(value)).toThrow(UpstreamError);
  });

  it.each(['9007199254740993', '1e400', '1.5', '"1758064040"', 'true'])('are rejected with the number %s', (number) => {
    const text = JSON.stringify({ ...row, created_at: 0 }).replace('"created_at":0', `"created_at":${number}`);
    expect(() => parse(JSON.parse(text))).toThrow('created_at');
  });

  it('are never shown in an error message', () => {
    const attempt = () => parse({ ...row, created_at: 'secret-value' });
    expect(attempt).toThrow(UpstreamError);
    expect(attempt).not.toThrow('secret-value');
  });
});

describe('parsePage', () => {
  const page = { object: 'list', data: [FILE], first_id: FILE.id, last_id: FILE.id, has_more: true };

  it('reads the envelope', () => {
    expect(parsePage(page, 100, parseFile)).toEqual({
      items: [parseFile(FILE)],
      hasMore: true,
      firstId: FILE.id,
      lastId: FILE.id,
      faults: [],
    });
  });

  it.each([
    ['null', null],
    ['an array', [page]],
    ['text', '<html></html>'],
    ['an error', { error: { message: 'odd' } }],
    ['another object', { ...page, object: 'vector_store.search_results.page' }],
    ['no data', without(page, 'data')],
    ['data that is not an array', { ...page, data: { 0: FILE } }],
  ])('rejects %s', (_, body) => {
    expect(() => parsePage(body, 100, parseFile)).toThrow(UpstreamError);
    expect(() => parsePage(body, 100, parseFile)).toThrow(expect.objectContaining({ kind: 'malformed' }));
  });

  it('leaves out the rows that it cannot read, names each, and keeps the ids for the next request', () => {
    const odd = { ...without(FILE, 'filename'), id: 'file-odd' };
    const parsed = parsePage({ ...page, data: [odd, FILE, without(FILE, 'id'), odd] }, 100, parseFile);
    expect(parsed).toEqual({
      items: [parseFile(FILE)],
      hasMore: true,
      firstId: 'file-odd',
      lastId: 'file-odd',
      faults: [
        `'file-odd' (a row has no text "filename")`,
        'row 3 of a page (a row has no usable "id")',
        `'file-odd' (a row has no text "filename")`,
      ],
    });
  });

  it('shows only valid ids in messages', () => {
    const odd = { ...without(FILE, 'filename'), id: '<b>secret words</b>' };
    expect(parsePage({ ...page, data: [odd] }, 100, parseFile).faults).toEqual([
      `row 1 of a page (a row has no text "filename")`,
    ]);
  });

  it('treats a short page without has_more as the last one', () => {
    for (const data of [[], [FILE], Array.from({ length: 99 }, () => FILE)]) {
      expect(parsePage({ object: 'list', data }, 100, parseFile)).toMatchObject({ hasMore: false, faults: [] });
      expect(parsePage({ object: 'list', data, has_more: null }, 100, parseFile)).toMatchObject({ faults: [] });
    }
  });

  it.each([
    ['a full page without has_more', 100, undefined],
    ['a page of the default size without has_more', 20, undefined],
    ['a has_more that is not a boolean', 1, 'false'],
  ])('treats %s neither as the last one nor as one with a next', (_, rowCount, hasMore) => {
    const body = { object: 'list', data: Array.from({ length: rowCount }, () => FILE), has_more: hasMore };
    const parsed = parsePage(body, 100, parseFile);
    expect(parsed).toMatchObject({ hasMore: false, faults: [expect.stringMatching(/has_more/)] });
    expect(parsed.items).toHaveLength(rowCount);
  });
});
