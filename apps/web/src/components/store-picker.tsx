'use client';

import { SearchInput } from '@espejo/ui/blocks/search-input';
import { Button } from '@espejo/ui/ui/button';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { PlusIcon } from 'lucide-react';
import { useState } from 'react';
import { StoreName } from '#components/store-name.tsx';
import { OriginLines } from '#components/store-origin.tsx';
import { storePickQuery } from '#lib/api/vector-stores.ts';
import { useDebounced } from '#lib/hooks/use-debounced.ts';

export interface PickedStore {
  readonly id: string;
  readonly name: string | null;
}

interface StorePickerProps {
  /** Stores that are already chosen and not offered again. */
  readonly chosenIds: ReadonlySet<string>;
  readonly isBusy?: boolean;
  readonly onPick: (store: PickedStore) => void;
}

const SETTLE_MS = 150;

/** Finds stores by name or id and reports the chosen one; lists the most recently active stores at first. */
export function StorePicker({ chosenIds, isBusy = false, onPick }: StorePickerProps) {
  const [text, setText] = useState('');
  const needle = useDebounced(text.trim(), SETTLE_MS);
  const found = useQuery({ ...storePickQuery(needle), placeholderData: keepPreviousData });
  const offered = (found.data?.data ?? []).filter((store) => !chosenIds.has(store.id));
  return (
    <div className="grid gap-2">
      <SearchInput
        value={text}
        onValueChange={setText}
        label="Find a store"
        placeholder="Store name or id"
        maxLength={200}
        className="w-full"
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard. */}
      <ul aria-label="Stores to choose" tabIndex={0} className="max-h-44 divide-y overflow-y-auto rounded-md border">
        {offered.map((store) => (
          <li key={store.id} className="flex items-center gap-2 px-3 py-1.5">
            <span className="min-w-0 flex-1">
              <span className="block truncate">
                <StoreName name={store.name} />
              </span>
              <span className="text-muted-foreground block truncate font-mono text-xs">{store.id}</span>
            </span>
            <OriginLines source={store.source} connectionId={store.connectionId} />
            <Button
              type="button"
              size="icon-sm"
              variant="ghost"
              disabled={isBusy}
              aria-label={`Add ${store.name ?? store.id}`}
              onClick={() => onPick({ id: store.id, name: store.name })}
            >
              <PlusIcon />
            </Button>
          </li>
        ))}
        {offered.length === 0 ? (
          <li role="status" className="text-muted-foreground px-3 py-2">
            {found.isPending
              ? 'Searching…'
              : found.isError
                ? 'The search failed. Try again.'
                : 'No other store matches.'}
          </li>
        ) : null}
      </ul>
    </div>
  );
}
