'use client';

import { Field } from '@espejo/ui/blocks/field';
import { Button } from '@espejo/ui/ui/button';
import { Input } from '@espejo/ui/ui/input';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@espejo/ui/ui/select';
import { Textarea } from '@espejo/ui/ui/textarea';
import { useQuery } from '@tanstack/react-query';
import { SearchIcon, SlidersHorizontalIcon } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { FilterEditor } from '#components/filter/filter-editor.tsx';
import { readFilterText } from '#components/filter/filter-tree.ts';
import { originText } from '#components/store-origin.tsx';
import { storeChoicesQuery } from '#lib/api/primary-stores.ts';
import { useConnectionNames } from '#lib/hooks/use-connection-names.ts';
import { QUERIES_MAX, queriesOf } from '../../search-request.ts';

export interface PlaygroundState {
  readonly find: string;
  readonly filter: string;
  readonly ranker: 'auto' | 'none';
  readonly vectors: number;
  readonly threshold: number;
  readonly limit: number;
  readonly beside: string | null;
}

interface SearchFormProps {
  readonly storeId: string;
  readonly params: PlaygroundState;
  readonly isSearching: boolean;
  /** The server's error about the filter. */
  readonly filterFault: string | null;
  readonly onSearch: (next: PlaygroundState) => void;
}

const NO_STORE = 'none';

/** The query, the filter and the ranking of a search; the search runs only on submit. */
export function SearchForm({ storeId, params, isSearching, filterFault, onSearch }: SearchFormProps) {
  const [draft, setDraft] = useState<PlaygroundState>(params);
  const [isOpen, setIsOpen] = useState(params.filter !== '' || params.ranker !== 'auto' || params.vectors !== 50);
  const put = (part: Partial<PlaygroundState>) => setDraft((now) => ({ ...now, ...part }));
  const isReady = queriesOf(draft.find).length > 0 && readFilterText(draft.filter).ok;

  function onSubmit(event?: FormEvent): void {
    event?.preventDefault();
    if (isReady) onSearch(draft);
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onSubmit();
  }

  return (
    <form onSubmit={onSubmit} className="grid gap-3">
      <div className="flex flex-wrap items-start gap-2">
        <Textarea
          aria-label="Search for"
          placeholder={`A question or keywords; Shift+Enter adds a query, up to ${QUERIES_MAX}`}
          rows={1}
          value={draft.find}
          maxLength={4_096}
          onChange={(event) => put({ find: event.target.value })}
          onKeyDown={onKeyDown}
          className="min-h-9 flex-1 basis-64 resize-none"
        />
        <Button type="submit" disabled={!isReady || isSearching} className="h-9">
          <SearchIcon />
          {isSearching ? 'Searching…' : 'Search'}
        </Button>
        <Button
          type="button"
          variant="outline"
          className="h-9"
          aria-expanded={isOpen}
          onClick={() => setIsOpen((now) => !now)}
        >
          <SlidersHorizontalIcon />
          Filter and ranking
        </Button>
        <BesideSelect storeId={storeId} value={draft.beside} onChange={(beside) => put({ beside })} />
      </div>
      {isOpen ? (
        <div className="grid gap-4 rounded-md border p-3 lg:grid-cols-[minmax(0,3fr)_minmax(16rem,1fr)]">
          <FilterEditor text={draft.filter} fault={filterFault} onTextChange={(filter) => put({ filter })} />
          <Ranking draft={draft} put={put} />
        </div>
      ) : null}
    </form>
  );
}

function Ranking({ draft, put }: { draft: PlaygroundState; put: (part: Partial<PlaygroundState>) => void }) {
  return (
    <div className="grid content-start gap-3">
      <Field label="Ranker" description={draft.ranker === 'none' ? 'Vectors only.' : 'Vectors and words, fused.'}>
        {(control) => (
          <Select value={draft.ranker} onValueChange={(value) => put({ ranker: value === 'none' ? 'none' : 'auto' })}>
            <SelectTrigger size="sm" className="w-full" {...control}>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              <SelectItem value="auto">auto</SelectItem>
              <SelectItem value="none">none</SelectItem>
            </SelectContent>
          </Select>
        )}
      </Field>
      <Field label="Vector weight" description={`Vectors ${draft.vectors} %, words ${100 - draft.vectors} %`}>
        {(control) => (
          <input
            {...control}
            type="range"
            min={0}
            max={100}
            step={5}
            disabled={draft.ranker === 'none'}
            value={draft.vectors}
            aria-valuetext={`Vectors ${draft.vectors} percent, words ${100 - draft.vectors} percent`}
            onChange={(event) => put({ vectors: Number(event.target.value) })}
            className="accent-brand w-full"
          />
        )}
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label="Minimum score">
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0}
              max={1}
              step={0.01}
              value={draft.threshold / 100}
              onChange={(event) => put({ threshold: clamp(Math.round(Number(event.target.value) * 100), 0, 100) })}
              className="h-8"
            />
          )}
        </Field>
        <Field label="Maximum results">
          {(control) => (
            <Input
              {...control}
              type="number"
              min={1}
              max={50}
              value={draft.limit}
              onChange={(event) => put({ limit: clamp(Math.round(Number(event.target.value)), 1, 50) })}
              className="h-8"
            />
          )}
        </Field>
      </div>
    </div>
  );
}

interface BesideSelectProps {
  readonly storeId: string;
  readonly value: string | null;
  readonly onChange: (storeId: string | null) => void;
}

/** The other store that the same search is sent to. */
function BesideSelect({ storeId, value, onChange }: BesideSelectProps) {
  const choices = useQuery(storeChoicesQuery);
  const connections = useConnectionNames();
  const others = (choices.data?.data ?? []).filter((store) => store.id !== storeId);
  const isListed = value === null || others.some((store) => store.id === value);
  return (
    <Select value={value ?? NO_STORE} onValueChange={(next) => onChange(next === NO_STORE ? null : next)}>
      <SelectTrigger className="h-9 w-56" aria-label="Compare with">
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        <SelectItem value={NO_STORE}>No comparison</SelectItem>
        {isListed ? null : <SelectItem value={value ?? ''}>{value}</SelectItem>}
        {others.map((store) => (
          <SelectItem key={store.id} value={store.id}>
            {store.name ?? store.id} · {originText(store.source, connections.byId.get(store.connectionId ?? ''))}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}

function clamp(value: number, min: number, max: number): number {
  return Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : min;
}
