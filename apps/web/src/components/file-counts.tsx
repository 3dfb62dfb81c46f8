import type { VectorStore } from '@espejo/contracts';
import Link from 'next/link';
import { formatCount, plural } from '#lib/format/count.ts';

interface FileCountsTextProps {
  readonly counts: VectorStore['fileCounts'];
  readonly storeId: string;
}

/** How many files are ready, with the unfinished ones, and a link to the failed ones. */
export function FileCountsText({ counts, storeId }: FileCountsTextProps) {
  const isWhole = counts.completed === counts.total;
  return (
    <span data-hint={explain(counts)} className="relative z-10 inline-flex items-center gap-1.5 tabular-nums">
      {counts.failed > 0 ? (
        <Link
          href={`/stores/${encodeURIComponent(storeId)}?status=failed`}
          prefetch={false}
          className="text-danger underline decoration-current/40 underline-offset-2 hover:decoration-current"
        >
          {formatCount(counts.failed)} failed<span className="sr-only">: show these files</span>
        </Link>
      ) : null}
      {counts.in_progress > 0 && counts.failed === 0 ? (
        <span className="text-info">{formatCount(counts.in_progress)} indexing</span>
      ) : null}
      <span>
        {formatCount(counts.completed)}
        {isWhole ? null : <span className="text-muted-foreground"> / {formatCount(counts.total)}</span>}
      </span>
    </span>
  );
}

function explain(counts: VectorStore['fileCounts']): string {
  const parts = [
    `${formatCount(counts.completed)} ready`,
    counts.in_progress > 0 && `${formatCount(counts.in_progress)} indexing`,
    counts.failed > 0 && `${formatCount(counts.failed)} failed`,
    counts.cancelled > 0 && `${formatCount(counts.cancelled)} cancelled`,
  ].filter(Boolean);
  return `${plural(counts.total, 'file')}: ${parts.join(', ')}`;
}
