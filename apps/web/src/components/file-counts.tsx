import type { VectorStore } from '@espejo/contracts';
import { formatCount, plural } from '#lib/format/count.ts';

/** The number of ready files, plus failed and unfinished ones if there are any. */
export function FileCountsText({ counts }: { counts: VectorStore['fileCounts'] }) {
  const isWhole = counts.completed === counts.total;
  return (
    <span data-hint={explain(counts)} className="relative z-10 inline-flex items-center gap-1.5 tabular-nums">
      {counts.failed > 0 ? <span className="text-danger">{formatCount(counts.failed)} failed</span> : null}
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
