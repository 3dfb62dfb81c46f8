import { expect, it } from 'vitest';
import { NO_SELECTION, selectMatching, toggleRow } from '#components/data-table/selection-state.ts';
import { targetOf } from './bulk-target.ts';

const filter = { q: 'handbook' };

it('single stores are named by id', () => {
  expect(targetOf(toggleRow(toggleRow(NO_SELECTION, 'vs_a'), 'vs_b'), filter)).toEqual({ storeIds: ['vs_a', 'vs_b'] });
});

it('all matching stores are named by the filter, so that those that are not loaded are included', () => {
  expect(targetOf(selectMatching(), filter)).toEqual({ filter });
});

it('the unticked stores of all matching ones are excepted from the filter', () => {
  expect(targetOf(toggleRow(selectMatching(), 'vs_a'), filter)).toEqual({ filter, exceptStoreIds: ['vs_a'] });
});
