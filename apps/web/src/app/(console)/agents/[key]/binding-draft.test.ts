import type { AgentBinding } from '@espejo/contracts';
import { expect, it } from 'vitest';
import { type BindingDraft, faultsOf, newDraft, optionWords, toBindings, toDraft } from './binding-draft.ts';

const STORE = { id: 'vs_1', name: 'Handbook', source: 'primary' } as const;
const draft = (fields: Partial<BindingDraft> = {}): BindingDraft => ({ ...newDraft(STORE), ...fields });
const binding: AgentBinding = {
  vectorStoreId: 'vs_1',
  name: 'Handbook',
  source: 'primary',
  connectionId: null,
  mode: 'default',
  state: 'ready',
  boundAt: 1,
  options: {
    maxNumResults: 5,
    filters: { type: 'eq', key: 'lang', value: 'en' },
    ranker: 'auto',
    scoreThreshold: 0.25,
    includeSearchResults: true,
  },
};

it('turns an unedited draft back into the same binding', () => {
  const { vectorStoreId, mode, options } = binding;
  expect(toBindings([toDraft(binding)])).toEqual([{ vectorStoreId, mode, options }]);
});

it('makes a newly added store required and sets no search options', () => {
  const options = {
    maxNumResults: null,
    scoreThreshold: null,
    ranker: null,
    filters: null,
    includeSearchResults: false,
  };
  expect(toBindings([draft()])).toEqual([{ vectorStoreId: 'vs_1', mode: 'required', options }]);
  expect(optionWords(draft())).toBeNull();
});

it('reports an invalid value at its field and builds no request', () => {
  const wrong: [Partial<BindingDraft>, string][] = [
    [{ maxNumResults: '0' }, 'maxNumResults'],
    [{ maxNumResults: '51' }, 'maxNumResults'],
    [{ maxNumResults: '2.5' }, 'maxNumResults'],
    [{ maxNumResults: 'many' }, 'maxNumResults'],
    [{ scoreThreshold: '-0.1' }, 'scoreThreshold'],
    [{ scoreThreshold: '2' }, 'scoreThreshold'],
    [{ scoreThreshold: 'x' }, 'scoreThreshold'],
    [{ filter: '{"type":"like"}' }, 'filter'],
  ];
  for (const [fields, field] of wrong) {
    expect(Object.keys(faultsOf(draft(fields)))).toEqual([field]);
    expect(toBindings([draft(), draft({ ...fields, vectorStoreId: 'vs_2' })])).toBeNull();
  }
});

it('builds no request while a store is broken or there is no store', () => {
  expect(toBindings([])).toBeNull();
  expect(toBindings([draft({ state: 'missing' })])).toBeNull();
});

it('summarises the search options of a store', () => {
  expect(optionWords(toDraft(binding))).toBe(
    'at most 5 results · score at least 0.25 · ranker auto · filtered · results in the record',
  );
});
