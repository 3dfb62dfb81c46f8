'use client';

import type { StoreSearch, StoreSearchResult } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { cn } from '@espejo/ui/lib/utils';
import type { UseQueryResult } from '@tanstack/react-query';
import { SearchXIcon } from 'lucide-react';
import { Name } from '#components/name.tsx';
import { ScrollText } from '#components/scroll-text.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { plural } from '#lib/format/count.ts';
import { ScoreBar } from './score-bar.tsx';

interface SearchResultsProps {
  readonly title: string;
  readonly search: UseQueryResult<StoreSearch>;
  /** The file names in the results of the other store; null: no comparison. */
  readonly otherNames: ReadonlySet<string> | null;
  readonly weights: ScoreWeights;
}

/** The weights of vectors and words in the score, in percent. */
export interface ScoreWeights {
  readonly vectors: number;
  readonly words: number;
}

/** The results of one store, best first. */
export function SearchResults({ title, search, otherNames, weights }: SearchResultsProps) {
  const { data } = search;
  return (
    <section aria-label={`Results in ${title}`} className="grid min-w-0 gap-2">
      <div className="flex flex-wrap items-baseline gap-x-2">
        <h2 className="min-w-0 truncate font-semibold">
          <Name text={title} />
        </h2>
        <span role="status" className="text-muted-foreground tabular-nums">
          {data === undefined || search.isError
            ? ''
            : `${plural(data.results.length, 'result')} from ${plural(countFiles(data), 'file')} in ${data.durationMs} ms`}
        </span>
      </div>
      {search.isError ? (
        <MutationError error={search.error} title="The search failed." />
      ) : data === undefined ? (
        <LoadingRows label="Searching" />
      ) : data.results.length === 0 ? (
        <EmptyState icon={SearchXIcon} title="Nothing found">
          <p>Try other words, a wider filter or a lower minimum score.</p>
        </EmptyState>
      ) : (
        <ol className={cn('grid gap-2', search.isPlaceholderData && 'opacity-60')}>
          {data.results.map((result, at) => (
            <Result
              // Results of a mirror have no id but their position.
              key={result.chunk === null ? at : `${result.fileId}/${result.chunk.ordinal}`}
              result={result}
              place={at + 1}
              isShared={otherNames === null ? null : otherNames.has(result.filename)}
              weights={weights}
            />
          ))}
        </ol>
      )}
    </section>
  );
}

interface ResultProps {
  readonly result: StoreSearchResult;
  readonly place: number;
  readonly isShared: boolean | null;
  readonly weights: ScoreWeights;
}

function Result({ result, place, isShared, weights }: ResultProps) {
  return (
    <li className="grid gap-2 rounded-md border p-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-muted-foreground tabular-nums">{place}</span>
        <span className="min-w-0 flex-1 truncate font-medium" title={result.fileId}>
          <Name text={result.filename} />
        </span>
        {isShared === null ? null : (
          <ToneBadge tone={isShared ? 'success' : 'warning'}>{isShared ? 'In both' : 'Only here'}</ToneBadge>
        )}
        <ScoreBar score={result.score} />
      </div>
      <AttributeList attributes={result.attributes} />
      {result.texts.map((text, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text in a result of a mirror has no id but its position.
        <ScrollText key={at} text={text} className="bg-muted/50 max-h-40 rounded-sm" />
      ))}
      {result.chunk === null ? null : <Explanation chunk={result.chunk} weights={weights} />}
    </li>
  );
}

type Chunk = NonNullable<StoreSearchResult['chunk']>;

/** The position of a chunk in its file, and the parts of its score. */
function Explanation({ chunk, weights }: { chunk: Chunk; weights: ScoreWeights }) {
  const { cosine, vectorScore, textScore } = chunk;
  return (
    <p className="text-muted-foreground flex flex-wrap gap-x-3 text-xs tabular-nums">
      <span>
        {chunk.page === null ? '' : `page ${chunk.page}, `}line {chunk.line}, chunk {chunk.ordinal + 1}
      </span>
      {vectorScore === null || cosine === null ? null : (
        <span>
          vectors {vectorScore.toFixed(2)} (cosine {cosine.toFixed(3)}), weight {weights.vectors} %
        </span>
      )}
      {textScore === null ? null : (
        <span>
          words {textScore.toFixed(2)}, weight {weights.words} %
        </span>
      )}
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

function countFiles(search: StoreSearch): number {
  return new Set(search.results.map((result) => result.fileId)).size;
}
