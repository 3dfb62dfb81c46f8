'use client';

import type { FileChunkPage } from '@espejo/contracts';
import { Button } from '@espejo/ui/ui/button';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText } from '#components/scroll-text.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { fileChunksQuery } from '#lib/api/primary-stores.ts';
import { formatCount, plural } from '#lib/format/count.ts';

/** The chunks of a file in reading order. */
export function ChunkViewer({ storeId, fileId }: { storeId: string; fileId: string }) {
  const chunks = useInfiniteQuery({
    queryKey: ['vector-stores', 'chunk-pages', storeId, fileId],
    queryFn: ({ pageParam, client }) => client.fetchQuery(fileChunksQuery(storeId, fileId, pageParam)),
    initialPageParam: null as number | null,
    getNextPageParam: (page: FileChunkPage) => (page.hasMore ? (page.data.at(-1)?.ordinal ?? null) : null),
  });
  if (chunks.isPending) return <LoadingRows label="Loading the chunks" />;
  if (chunks.isError) {
    return (
      <ErrorState title="The chunks could not be loaded" error={chunks.error} onRetry={() => void chunks.refetch()} />
    );
  }
  const rows = chunks.data.pages.flatMap((page) => page.data);
  return (
    <section aria-label="Chunks" className="grid gap-2">
      <p className="font-medium">{plural(chunks.data.pages[0]?.total ?? 0, 'chunk')}</p>
      <ol className="grid gap-2">
        {rows.map((chunk) => (
          <li key={chunk.ordinal} className="rounded-md border">
            <p className="text-muted-foreground flex flex-wrap gap-x-3 border-b px-2.5 py-1 text-xs tabular-nums">
              <span>#{chunk.ordinal + 1}</span>
              {chunk.page === null ? null : <span>page {formatCount(chunk.page)}</span>}
              <span>line {formatCount(chunk.line)}</span>
              <span>{plural(chunk.tokenCount, 'token')}</span>
            </p>
            <ScrollText text={chunk.text} className="max-h-56" />
          </li>
        ))}
      </ol>
      {chunks.hasNextPage ? (
        <Button
          variant="outline"
          size="sm"
          className="w-fit"
          disabled={chunks.isFetchingNextPage}
          onClick={() => void chunks.fetchNextPage()}
        >
          More chunks
        </Button>
      ) : null}
    </section>
  );
}
