import { expect, it } from 'vitest';
import { announceProgress } from './announce-progress.ts';

it('announces a run at each phase and each quarter, and not in between', () => {
  const spoken = new Set<string>();
  for (let done = 0; done <= 1000; done += 1) {
    spoken.add(announceProgress({ phase: 'listing_attachments', done, total: 1000 }));
  }
  expect([...spoken]).toEqual([
    'Listing the files of stores',
    'Listing the files of stores, 25 percent',
    'Listing the files of stores, 50 percent',
    'Listing the files of stores, 75 percent',
    'Listing the files of stores, 100 percent',
  ]);
});

it('announces only the phase of a run while the total is unknown', () => {
  expect(announceProgress({ phase: 'listing_stores', done: 500, total: null })).toBe('Listing vector stores');
});
