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
  it('says what it was made of', () => {
    expect(toGuardrails(guardrailDraftOf(SETTINGS))).toEqual({ ok: true, body: SETTINGS });
    const open = { ...SETTINGS, allowedMimeTypes: null, totalBytesMax: null, storesMax: 5 };
    expect(toGuardrails(guardrailDraftOf(open))).toEqual({ ok: true, body: open });
  });

  it.each([
    ['types', { types: 'pdf' }, 'allowedMimeTypes'],
    ['no size', { fileMb: '' }, 'fileBytesMax'],
    ['a size beyond OpenAI’s', { fileMb: '600' }, 'fileBytesMax'],
    ['half a store', { stores: '1.5' }, 'storesMax'],
    ['a negative number', { filesPerStore: '-1' }, 'filesPerStoreMax'],
  ])('refuses %s', (_, change, field) => {
    expect(toGuardrails({ ...guardrailDraftOf(SETTINGS), ...change })).toMatchObject({ ok: false, field });
  });
});
