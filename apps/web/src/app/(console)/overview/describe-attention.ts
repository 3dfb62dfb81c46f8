import type { AttentionItem } from '@espejo/contracts';
import type { Tone } from '@espejo/ui/blocks/tone-badge';
import { formatCount, plural } from '#lib/format/count.ts';
import { perMonth } from '#lib/labels/deletions.ts';
import { listLink } from './list-links.ts';

/** A row of what needs attention, in words. */
export interface AttentionRow {
  readonly title: string;
  readonly tone: Tone;
  /** The list that explains it, with its filter. */
  readonly href: string;
  readonly detail: string | null;
}

/** Says what an item is, and links to the list that explains it. */
export function describeAttention(item: AttentionItem): AttentionRow {
  const connection = item.connections[0]?.id;
  const ofStores = { connection, source: connection === undefined ? 'primary' : undefined };
  const count = item.count ?? 0;
  switch (item.kind) {
    case 'breaker_open':
      return {
        title: 'A sync waits for review',
        tone: 'danger',
        href: listLink('/sync', { connection, status: 'needs_review' }),
        detail: item.message,
      };
    case 'key_refused':
      return { title: 'The API key is refused', tone: 'danger', href: '/connections', detail: item.message };
    case 'sync_failing':
      return {
        title: item.status === 'partial' ? 'The last sync is incomplete' : 'The last sync failed',
        tone: 'danger',
        href: listLink('/sync', { connection, status: item.status ?? undefined }),
        detail: item.message,
      };
    case 'stores_expiring':
      return {
        title: `${plural(count, 'store')} ${count === 1 ? 'expires' : 'expire'} soon`,
        tone: 'warning',
        href: listLink('/stores', { expiring: 'soon', ...ofStores }),
        detail: null,
      };
    case 'failed_files':
      return {
        title: `${plural(count, 'store')} ${count === 1 ? 'has' : 'have'} failed files`,
        tone: 'danger',
        href: listLink('/stores', { status: 'failed_files', ...ofStores }),
        detail: null,
      };
    case 'deletions_held':
      return { title: 'Deletions are held back', tone: 'warning', href: '/tasks', detail: item.message };
    case 'deletion_parked':
    case 'deletion_blocked':
      return {
        title: `${item.kind === 'deletion_parked' ? 'A deletion needs attention' : 'A deletion is blocked'}: ${item.name}`,
        tone: 'warning',
        href: listLink('/tasks', { status: item.status ?? undefined }),
        detail: item.message,
      };
    case 'storage_debt':
      return {
        title: `Storage debt: ${perMonth(item.usdPerMonth ?? 0)}`,
        tone: 'info',
        href: listLink('/storage-debt', { connection }),
        detail: (item.debt ?? []).map(({ title, count: items }) => `${title}: ${formatCount(items)}`).join(' · '),
      };
  }
}
