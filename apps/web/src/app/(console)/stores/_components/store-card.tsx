'use client';

import type { VectorStore } from '@espejo/contracts';
import Link from 'next/link';
import { StoreStatus } from '#components/badges.tsx';
import { RowCheckbox } from '#components/data-table/selection.tsx';
import { DefaultBadge } from '#components/default-store.tsx';
import { ExpiryCell } from '#components/expiry.tsx';
import { FileCountsText } from '#components/file-counts.tsx';
import { Size } from '#components/size.tsx';
import { StoreName, shortId } from '#components/store-name.tsx';
import { StoreOrigin } from '#components/store-origin.tsx';

/** A store on a narrow screen: three lines, the whole card is the link. */
export function StoreCard({ store }: { store: VectorStore }) {
  return (
    <article className="active:bg-accent/60 relative flex h-full flex-col justify-center gap-1 px-4">
      <div className="flex items-center gap-2">
        <RowCheckbox id={store.id} label={store.name ?? store.id} />
        <Link
          href={`/stores/${encodeURIComponent(store.id)}`}
          prefetch={false}
          data-row-link=""
          className="min-w-0 truncate text-sm font-medium outline-none after:absolute after:inset-0 focus-visible:underline"
        >
          <StoreName name={store.name} />
        </Link>
        <span className="text-muted-foreground ml-auto shrink-0 font-mono text-xs">{shortId(store.id)}</span>
      </div>
      <div className="flex items-center gap-1.5 overflow-hidden">
        <StoreOrigin source={store.source} connectionId={store.connectionId} isShort />
        <DefaultBadge storeId={store.id} />
        <span className="ml-auto shrink-0">
          <StoreStatus store={store} />
        </span>
      </div>
      <div className="text-muted-foreground flex items-center gap-3 text-xs">
        <span className="inline-flex gap-1">
          <FileCountsText counts={store.fileCounts} storeId={store.id} /> files
        </span>
        <Size bytes={store.usageBytes} />
        <span className="ml-auto whitespace-nowrap">
          <ExpiryCell store={store} isClause />
        </span>
      </div>
    </article>
  );
}
