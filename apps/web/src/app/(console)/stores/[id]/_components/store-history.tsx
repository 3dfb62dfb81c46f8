'use client';

import type { StoreHistoryEntry, VectorStoreDetail } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { useInfiniteQuery } from '@tanstack/react-query';
import { HistoryIcon } from 'lucide-react';
import Link from 'next/link';
import { ChangeList } from '#components/change-list.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { storeHistoryQuery } from '#lib/api/vector-stores.ts';
import { useInfiniteRows } from '#lib/hooks/use-infinite-rows.ts';

const idOf = (entry: StoreHistoryEntry) => entry.id;

/** The changes of this store, by sync run. */
export function StoreHistory({ store }: { store: VectorStoreDetail }) {
  const history = useInfiniteQuery(storeHistoryQuery(store.id));
  const list = useInfiniteRows(history, idOf);
  if (history.isPending) return <LoadingRows label="Loading the history" />;
  if (history.isError && list.rows.length === 0) {
    return (
      <ErrorState
        title="The history could not be loaded"
        error={history.error}
        onRetry={() => void history.refetch()}
      />
    );
  }
  if (list.rows.length === 0) {
    return (
      <EmptyState icon={HistoryIcon} title="No changes yet">
        <p>
          {store.source === 'cache'
            ? 'Changes that a sync finds in this store appear here.'
            : 'A sync does not change a primary store, so it has no history of syncs.'}
        </p>
      </EmptyState>
    );
  }
  return (
    <ChangeList
      label="History of this store"
      noun="entry"
      nouns="entries"
      list={list}
      renderSubject={(entry) => (
        <Link
          href={`/sync/${encodeURIComponent(entry.runId)}`}
          className="text-muted-foreground hover:text-foreground relative z-10 underline-offset-2 hover:underline"
        >
          Sync run
        </Link>
      )}
    />
  );
}
