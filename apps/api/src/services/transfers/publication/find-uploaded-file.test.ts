import type { FileSnapshot } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { findUploadedFile } from './find-uploaded-file.ts';

const SINCE_S = 1_000_000;
const wanted = { filename: 'a.md', sizeBytes: 10, completingSinceS: SINCE_S };
const file = (fields: Partial<FileSnapshot>): FileSnapshot => ({
  id: 'file-1',
  filename: 'a.md',
  bytes: 10,
  purpose: 'assistants',
  status: 'processed',
  createdAt: SINCE_S,
  expiresAt: null,
  extra: null,
  ...fields,
});
const find = (files: readonly FileSnapshot[], taken: readonly string[] = []) =>
  findUploadedFile(files, wanted, (id) => taken.includes(id));

describe('findUploadedFile', () => {
  it('returns the one file that can be it', () => {
    expect(find([file({})])).toBe('file-1');
    expect(find([file({ createdAt: SINCE_S - 299 }), file({ id: 'file-2', filename: 'b.md' })])).toBe('file-1');
  });

  it.each([
    ['another name', { filename: 'b.md' }],
    ['another size', { bytes: 11 }],
    ['a size that is not known', { bytes: null }],
    ['another purpose', { purpose: 'user_data' }],
    ['a creation time before the upload', { createdAt: SINCE_S - 301 }],
  ])('returns none with %s', (_, fields) => {
    expect(find([file(fields)])).toBeUndefined();
  });

  it('returns none that belongs to another copy, and none of two candidates', () => {
    expect(find([file({})], ['file-1'])).toBeUndefined();
    expect(find([file({}), file({ id: 'file-2' })])).toBe('ambiguous');
    expect(find([file({}), file({ id: 'file-2' })], ['file-2'])).toBe('file-1');
  });

  it('returns none when no upload was sent', () => {
    expect(findUploadedFile([file({})], { ...wanted, completingSinceS: null }, () => false)).toBeUndefined();
  });
});
