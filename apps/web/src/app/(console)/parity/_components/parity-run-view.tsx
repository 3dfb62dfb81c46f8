'use client';

import type { ParityQuery, ParityRun } from '@espejo/contracts';
import { Stat } from '@espejo/ui/blocks/facts';
import { cn } from '@espejo/ui/lib/utils';
import { CheckIcon } from 'lucide-react';
import { Name } from '#components/name.tsx';
import { agreement, correlation } from './agreement.ts';

interface Names {
  readonly left: string;
  readonly right: string;
}

/** One comparison: the results of both stores for each query, lowest overlap first. */
export function ParityRunView({ run, names }: { run: ParityRun; names: Names }) {
  const queries = run.queries.toSorted((a, b) => a.overlap - b.overlap);
  return (
    <section aria-label="Comparison" className="grid gap-3">
      <dl className="flex flex-wrap gap-x-10 gap-y-2">
        <Stat label={`Overlap at ${run.depth}`} hint="Average share of the first files that both stores return">
          {agreement(run.meanOverlap)}
        </Stat>
        <Stat
          label="Rank correlation"
          hint="Kendall’s tau over the files that both stores return: 1 is the same order, -1 the reverse"
        >
          {correlation(run.meanRankCorrelation)}
        </Stat>
        <Stat label="Queries">{run.queryCount}</Stat>
      </dl>
      <ol className="grid gap-3">
        {queries.map((query) => (
          <li key={query.query} className="grid gap-2 rounded-md border p-3">
            <p className="flex flex-wrap items-baseline gap-x-3">
              <span className="min-w-0 font-medium text-pretty break-words">{query.query}</span>
              <span className="text-muted-foreground text-xs tabular-nums">
                overlap {agreement(query.overlap)}, order {correlation(query.rankCorrelation)}
              </span>
            </p>
            <div className="grid gap-3 sm:grid-cols-2">
              <Answer name={names.left} hits={query.left} />
              <Answer name={names.right} hits={query.right} />
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Answer({ name, hits }: { name: string; hits: ParityQuery['left'] }) {
  return (
    <div className="min-w-0">
      <p className="text-muted-foreground truncate text-xs">
        <Name text={name} />
      </p>
      {hits.length === 0 ? (
        <p className="text-muted-foreground">Nothing found</p>
      ) : (
        <ol className="grid gap-0.5">
          {hits.map((hit, at) => (
            <li key={hit.fileId} className="flex items-center gap-2">
              <span className="text-muted-foreground w-5 text-right text-xs tabular-nums">{at + 1}</span>
              <Name text={hit.filename} className={cn('flex-1', !hit.isShared && 'text-warning font-medium')} />
              {hit.isShared ? (
                <CheckIcon role="img" aria-label="in both" className="text-success size-3.5 shrink-0" />
              ) : (
                <span className="text-warning text-xs">only here</span>
              )}
              <span className="text-muted-foreground text-xs tabular-nums">{hit.score.toFixed(3)}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
