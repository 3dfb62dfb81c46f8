import type { AttentionItem } from '@espejo/contracts';
import { describe, expect, it } from 'vitest';
import { describeAttention } from './describe-attention.ts';
import { largestStoresLink, listLink } from './list-links.ts';

const item = (kind: AttentionItem['kind'], fields: Partial<AttentionItem> = {}): AttentionItem => ({
  kind,
  connections: [{ id: 'conn a&b', name: 'A' }],
  id: null,
  name: null,
  count: null,
  debt: null,
  usdPerMonth: null,
  status: null,
  message: null,
  since: null,
  ...fields,
});

describe('the links of the overview', () => {
  it('contain the filter of the list, encoded', () => {
    expect(describeAttention(item('breaker_open', { status: 'needs_review' })).href).toBe(
      '/sync?connection=conn+a%26b&status=needs_review',
    );
    expect(describeAttention(item('sync_failing', { status: 'partial' })).href).toBe(
      '/sync?connection=conn+a%26b&status=partial',
    );
    expect(describeAttention(item('stores_expiring', { count: 2 })).href).toBe(
      '/stores?expiring=soon&connection=conn+a%26b',
    );
    expect(describeAttention(item('deletion_blocked', { status: 'waiting' })).href).toBe('/tasks?status=waiting');
    expect(largestStoresLink('c')).toBe('/stores?connection=c&sort=usageBytes&order=desc');
    expect(listLink('/files', { connection: undefined })).toBe('/files');
  });

  it('of what no connection has lead to primary stores', () => {
    expect(describeAttention(item('failed_files', { connections: [], count: 1 }))).toMatchObject({
      title: '1 store has failed files',
      href: '/stores?status=failed_files&source=primary',
    });
  });
});

describe('a row of what needs attention', () => {
  it('counts in the singular and the plural', () => {
    expect(describeAttention(item('stores_expiring', { count: 1 })).title).toBe('1 store expires soon');
    expect(describeAttention(item('stores_expiring', { count: 1200 })).title).toBe('1,200 stores expire soon');
    expect(describeAttention(item('failed_files', { count: 2 })).title).toBe('2 stores have failed files');
  });

  it('names the deletion, and says what the storage debt consists of', () => {
    expect(describeAttention(item('deletion_parked', { name: 'Delete 2 stores', message: 'Why.' }))).toMatchObject({
      title: 'A deletion needs attention: Delete 2 stores',
      detail: 'Why.',
    });
    const debt = [
      { kind: 'orphan_files', title: 'Orphan files', count: 34 },
      { kind: 'ghosts', title: 'Ghosts', count: 1 },
    ] as const;
    expect(describeAttention(item('storage_debt', { debt: [...debt], usdPerMonth: 1.5 }))).toMatchObject({
      title: 'Storage debt: $1.50 per month',
      detail: 'Orphan files: 34 · Ghosts: 1',
    });
  });
});
