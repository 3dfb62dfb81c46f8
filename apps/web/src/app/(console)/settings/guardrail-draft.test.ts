import type { GuardrailSettings } from '@espejo/contracts';
import { describe, expect, it } from 'vitest';
import { guardrailDraftOf, toGuardrails } from './guardrail-draft.ts';

const SETTINGS: GuardrailSettings = {
  duplicateFilenames: 'allow',
  duplicateStoreNames: 'refuse',
  allowedMimeTypes: ['text/*', 'application/pdf'],
  fileBytesMax: 536_870_912,
  filesPerStoreMax: 10_000,
  storesMax: null,
  totalBytesMax: 2_500_000_000,
  filesOfDeletedStores: 'keep',
  unattachedFiles: 'never',
};

describe('the guardrails form', () => {
  it('turns unedited settings back into the same settings', () => {
    expect(toGuardrails(guardrailDraftOf(SETTINGS))).toEqual({ ok: true, body: SETTINGS });
    const open = { ...SETTINGS, allowedMimeTypes: null, totalBytesMax: null, storesMax: 5 };
    expect(toGuardrails(guardrailDraftOf(open))).toEqual({ ok: true, body: open });
  });

  it.each([
    ['a malformed file type', { types: 'pdf' }, 'allowedMimeTypes'],
    ['an empty file size', { fileMb: '' }, 'fileBytesMax'],
    ['a file size above the limit of OpenAI', { fileMb: '600' }, 'fileBytesMax'],
    ['a fractional number of stores', { stores: '1.5' }, 'storesMax'],
    ['a negative number of files', { filesPerStore: '-1' }, 'filesPerStoreMax'],
  ])('rejects %s', (_, change, field) => {
    expect(toGuardrails({ ...guardrailDraftOf(SETTINGS), ...change })).toMatchObject({ ok: false, field });
  });
});
