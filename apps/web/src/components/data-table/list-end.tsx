'use client';

import { Button } from '@espejo/ui/ui/button';
import { LoaderCircleIcon } from 'lucide-react';
import { formatCount, plural } from '#lib/format/count.ts';
import type { InfiniteRows } from '#lib/hooks/use-infinite-rows.ts';

/** The line below the last row: loading more, failed to load, or the end of the list. */
export function ListEnd<T>({ list, noun, nouns }: { list: InfiniteRows<T>; noun: string; nouns: string }) {
  if (list.hasFailedMore) {
    return (
      <div className="flex items-center justify-center gap-3 py-3" role="alert">
        <span className="text-danger">The next rows could not be loaded.</span>
        <Button variant="outline" size="sm" onClick={list.loadMore}>
          Try again
        </Button>
      </div>
    );
  }
  if (list.hasMore) {
    return (
      <div className="text-muted-foreground flex items-center justify-center gap-2 py-3 text-xs">
        <LoaderCircleIcon aria-hidden="true" className="size-3.5 animate-spin" />
        {formatCount(list.rows.length)} of {plural(list.total ?? 0, noun, nouns)}
      </div>
    );
  }
  return (
    <div className="text-muted-foreground py-3 text-center text-xs">
      {list.rows.length === 1 ? `1 ${noun}, end of list` : `${plural(list.rows.length, noun, nouns)}, end of list`}
    </div>
  );
}
