'use client';

import { LIMITS, type VectorStore } from '@espejo/contracts';
import { Command, CommandEmpty, CommandInput, CommandItem, CommandList } from '@espejo/ui/ui/command';
import { Popover, PopoverContent, PopoverTrigger } from '@espejo/ui/ui/popover';
import { useQuery } from '@tanstack/react-query';
import { DatabaseIcon, FlipVertical2Icon, PlusIcon } from 'lucide-react';
import { useState } from 'react';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { StoreName, shortId } from '#components/store-name.tsx';
import { OriginLines } from '#components/store-origin.tsx';
import { storeSearchQuery } from '#lib/api/vector-stores.ts';
import { useDebounced } from '#lib/hooks/use-debounced.ts';

interface AddStoreProps {
  readonly boundIds: readonly string[];
  readonly onAdd: (store: VectorStore) => void;
}

/** Finds a store by name or id; lists the most recently used stores until text is entered. */
export function AddStore({ boundIds, onAdd }: AddStoreProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState('');
  const needle = useDebounced(text.trim(), 120);
  const stores = useQuery({ ...storeSearchQuery(needle), enabled: isOpen });
  const found = (stores.data?.data ?? []).filter(
    (store) => !boundIds.includes(store.id) && store.expiryState !== 'expired',
  );
  return (
    <Popover open={isOpen} onOpenChange={setIsOpen}>
      <PopoverTrigger asChild>
        <PermissionButton needs="write" size="sm" variant="outline" disabled={boundIds.length >= LIMITS.agentStoresMax}>
          <PlusIcon />
          Add store
        </PermissionButton>
      </PopoverTrigger>
      <PopoverContent align="end" className="w-88 max-w-[calc(100vw-2rem)] p-0">
        <Command shouldFilter={false}>
          <CommandInput value={text} onValueChange={setText} placeholder="Store name or id…" />
          <CommandList className="max-h-72">
            <CommandEmpty>
              {stores.isFetching
                ? 'Searching…'
                : stores.isError
                  ? 'The search failed. Try again.'
                  : 'No other store matches.'}
            </CommandEmpty>
            {found.map((store) => (
              <CommandItem
                key={store.id}
                value={store.id}
                onSelect={() => {
                  onAdd(store);
                  setText('');
                  setIsOpen(false);
                }}
              >
                {store.source === 'cache' ? (
                  <FlipVertical2Icon aria-hidden="true" />
                ) : (
                  <DatabaseIcon aria-hidden="true" />
                )}
                <span className="min-w-0 flex-1">
                  <span className="block truncate">
                    <StoreName name={store.name} />
                  </span>
                  <span className="text-muted-foreground block truncate font-mono text-xs">{shortId(store.id)}</span>
                </span>
                <OriginLines source={store.source} connectionId={store.connectionId} />
              </CommandItem>
            ))}
          </CommandList>
        </Command>
      </PopoverContent>
    </Popover>
  );
}
