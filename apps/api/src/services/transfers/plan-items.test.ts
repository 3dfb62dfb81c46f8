import type { AttachmentSnapshot } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { planAdoption } from './plan-items.ts';

const attachment = (fields: Partial<AttachmentSnapshot>): AttachmentSnapshot => ({
  fileId: 'file-1',
  status: 'completed',
  usageBytes: 1,
  createdAt: 1,
  lastError: null,
  chunkingStrategy: null,
  attributes: null,
  extra: null,
  ...fields,
});
const NONE = { filenames: new Map<string, string>(), ghosts: new Set<string>() };
const planOne = (fields: Partial<AttachmentSnapshot>) => planAdoption([attachment(fields)], NONE)[0];
const statically = (max: unknown, overlap: unknown) => ({
  type: 'static',
  static: { max_chunk_size_tokens: max, chunk_overlap_tokens: overlap },
});

describe('planAdoption', () => {
  it('keeps the order, the known names, and the supported attributes', () => {
    const items = planAdoption(
      [attachment({ fileId: 'file-2', attributes: { a: 'x', b: 1, c: true, d: null, e: {} } }), attachment({})],
      { ...NONE, filenames: new Map([['file-2', 'b.md']]) },
    );
    expect(items.map((item) => [item.sourceFileId, item.filename, item.attributes])).toEqual([
      ['file-2', 'b.md', { a: 'x', b: 1, c: true }],
      ['file-1', 'file-1', {}],
    ]);
  });

  it.each([
    { given: statically(200, 50), maxTokens: 200, overlapTokens: 50 },
    { given: statically(4_096, 2_048), maxTokens: 4_096, overlapTokens: 2_048 },
    // A strategy that no primary store may have is OpenAI's own choice.
    { given: statically(5_000, 0), maxTokens: 800, overlapTokens: 400 },
    { given: statically('many', null), maxTokens: 800, overlapTokens: 400 },
    { given: { type: 'other' }, maxTokens: 800, overlapTokens: 400 },
    { given: null, maxTokens: 800, overlapTokens: 400 },
  ])('keeps the chunking of the source: $given', ({ given, ...strategy }) => {
    expect(planOne({ chunkingStrategy: given })).toMatchObject(strategy);
  });

  it('leaves out a ghost, whatever its status', () => {
    expect(planAdoption([attachment({})], { ...NONE, ghosts: new Set(['file-1']) })).toMatchObject([
      { state: 'skipped', reason: expect.stringMatching(/ghost/) },
    ]);
  });

  it.each(['in_progress', 'failed', 'cancelled', 'something_new'])(
    'leaves out a file that is %s, with the reason',
    (status) => {
      expect(planOne({ status })).toMatchObject({
        state: 'skipped',
        reason: expect.stringContaining(status.replaceAll('_', ' ')),
      });
    },
  );
});
