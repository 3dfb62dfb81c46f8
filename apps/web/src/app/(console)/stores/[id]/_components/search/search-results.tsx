'use client';

import type { StoreSearch, StoreSearchResult } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { cn } from '@espejo/ui/lib/utils';
import type { UseQueryResult } from '@tanstack/react-query';
import { SearchXIcon } from 'lucide-react';
import { ScrollText } from '#components/scroll-text.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { plural } from '#lib/format/count.ts';
import { ScoreBar } from './score-bar.tsx';

interface SearchResultsProps {
  readonly title: string;
  readonly search: UseQueryResult<StoreSearch>;
  /** Names of the files that the other store found; null: there is no other. */
  readonly otherNames: ReadonlySet<string> | null;
}

/** What one store found, best first. */
export function SearchResults({ title, search, otherNames }: SearchResultsProps) {
  const { data } = search;
  return (
    <section aria-label={`Results in ${title}`} className="grid min-w-0 gap-2">
      <div className="flex flex-wrap items-baseline gap-x-2">
        <h2 className="min-w-0 truncate font-semibold">
          <bdi>{title}</bdi>
        </h2>
        <span role="status" className="text-muted-foreground tabular-nums">
          {data === undefined || search.isError
            ? ''
            : `${plural(data.results.length, 'file')}, ${plural(countTexts(data), 'passage')} in ${data.durationMs} ms`}
        </span>
      </div>
      {search.isError ? (
        <MutationError error={search.error} title="The search failed." />
      ) : data === undefined ? (
        <LoadingRows label="Searching" />
      ) : data.results.length === 0 ? (
        <EmptyState icon={SearchXIcon} title="Nothing found">
          <p>Use other words, or ask for less: a looser filter, a lower score.</p>
        </EmptyState>
      ) : (
        <ol className={cn('grid gap-2', search.isPlaceholderData && 'opacity-60')}>
          {data.results.map((result, at) => (
            <Result
              key={result.fileId}
              result={result}
              place={at + 1}
              isShared={otherNames === null ? null : otherNames.has(result.filename)}
            />
          ))}
        </ol>
      )}
    </section>
  );
}

function Result({ result, place, isShared }: { result: StoreSearchResult; place: number; isShared: boolean | null }) {
  return (
    <li className="grid gap-2 rounded-md border p-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-muted-foreground tabular-nums">{place}</span>
        <span className="min-w-0 flex-1 truncate font-medium" title={result.fileId}>
          <bdi>{result.filename}</bdi>
        </span>
        {isShared === null ? null : (
          <ToneBadge tone={isShared ? 'success' : 'warning'}>{isShared ? 'In both' : 'Only here'}</ToneBadge>
        )}
        <ScoreBar score={result.score} />
      </div>
      <AttributeList attributes={result.attributes} />
      {result.texts.map((text, at) => {
        const chunk = result.chunks?.[at];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a passage of a mirror has no name but its place.
          <div key={at} className="grid gap-1">
            <ScrollText text={text} className="bg-muted/50 max-h-40 rounded-sm" />
            {chunk === undefined ? null : <Explanation chunk={chunk} />}
          </div>
        );
      })}
    </li>
  );
}

type Chunk = NonNullable<StoreSearchResult['chunks']>[number];

/** Where a passage stands and what put it there. */
function Explanation({ chunk }: { chunk: Chunk }) {
  const { vectorRank, vectorScore, textRank, textScore } = chunk;
  return (
    <p className="text-muted-foreground flex flex-wrap gap-x-3 text-xs tabular-nums">
      <span>
        {chunk.page === null ? '' : `page ${chunk.page}, `}line {chunk.line}, chunk {chunk.ordinal + 1}
      </span>
      <span>score {chunk.score.toFixed(3)}</span>
      <span>
        {vectorRank === null || vectorScore === null
          ? 'not among the vectors'
          : `no. ${vectorRank} by vectors (cosine ${vectorScore.toFixed(3)})`}
      </span>
      <span>
        {textRank === null || textScore === null
          ? 'not among the words'
          : `no. ${textRank} by words (BM25 ${textScore.toFixed(2)})`}
      </span>
    </p>
  );
}

function AttributeList({ attributes }: { attributes: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return null;
  return (
    <ul aria-label="Attributes" className="flex flex-wrap gap-1">
      {entries.map(([key, value]) => (
        <li key={key} className="bg-muted max-w-full truncate rounded-sm px-1.5 py-0.5 font-mono text-xs">
          {key}={String(value)}
        </li>
      ))}
    </ul>
  );
}

function countTexts(search: StoreSearch): number {
  return search.results.reduce((sum, result) => sum + result.texts.length, 0);
}
