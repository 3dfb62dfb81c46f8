import type { SyncRun } from '@espejo/contracts';
import { formatCount } from '#lib/format/count.ts';
import { stoppedRemovals, sumCounters } from '#lib/labels/common.ts';

const PARTS = [
  { key: 'added', symbol: '+', word: 'added', tone: 'text-success' },
  { key: 'returned', symbol: '+', word: 'returned', tone: 'text-success' },
  { key: 'changed', symbol: '*', word: 'changed', tone: 'text-info' },
  { key: 'missing', symbol: '−', word: 'missing', tone: 'text-warning' },
  { key: 'removed', symbol: '−', word: 'removed', tone: 'text-danger' },
  { key: 'failed', symbol: '!', word: 'failed', tone: 'text-danger' },
] as const;

/**
 * What a run found different, over stores, attachments and files, as "+31 added *5 changed"; first of all what one that
 * the circuit breaker stopped would have removed.
 */
export function RunChanges({ run }: { run: Pick<SyncRun, 'counters' | 'status' | 'dryRun' | 'plan'> }) {
  const stopped = stoppedRemovals(run);
  const counts = sumCounters(run.counters);
  const parts = PARTS.filter(({ key }) => counts[key] > 0 && (key !== 'missing' || stopped === null));
  if (parts.length === 0 && stopped === null) {
    return <span className="text-muted-foreground">{run.status === 'running' ? 'none so far' : 'no differences'}</span>;
  }
  return (
    <span className="inline-flex gap-2.5 tabular-nums">
      {stopped === null ? null : (
        <span className="whitespace-nowrap">
          <span className="text-warning">{run.dryRun ? 'Would stop' : 'Stopped'}:</span> {stopped} would go
        </span>
      )}
      {parts.map(({ key, symbol, word, tone }) => (
        <span key={key} className="whitespace-nowrap">
          <span className={tone}>
            <span aria-hidden="true">{symbol}</span>
            {formatCount(counts[key])}
          </span>{' '}
          <span className="text-muted-foreground">{word}</span>
        </span>
      ))}
    </span>
  );
}
