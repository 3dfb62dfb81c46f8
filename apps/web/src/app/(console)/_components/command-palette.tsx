'use client';

import {
  CommandDialog,
  CommandEmpty,
  CommandGroup,
  CommandInput,
  CommandItem,
  CommandList,
  CommandShortcut,
} from '@espejo/ui/ui/command';
import { useQuery } from '@tanstack/react-query';
import { DatabaseIcon, LinkIcon, RefreshCwIcon, ScanSearchIcon } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { StoreName } from '#components/store-name.tsx';
import { OriginLines } from '#components/store-origin.tsx';
import { usePermission } from '#lib/access/use-permission.ts';
import { connectionsQuery } from '#lib/api/connections.ts';
import { storeSearchQuery } from '#lib/api/vector-stores.ts';
import { useDebounced } from '#lib/hooks/use-debounced.ts';
import { useStartSync } from '#lib/hooks/use-start-sync.ts';
import { GO_TO } from '#lib/shortcuts.ts';

interface CommandPaletteProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

interface Action {
  readonly id: string;
  readonly label: string;
  readonly icon: typeof DatabaseIcon;
  readonly shortcut?: string;
  readonly run: () => void;
}

/** Goes to a store by id or name, to a page, or starts a sync. The API searches stores; actions are matched here. */
export function CommandPalette({ isOpen, onOpenChange }: CommandPaletteProps) {
  const router = useRouter();
  const startSync = useStartSync();
  const maySync = usePermission('sync');
  const [text, setText] = useState('');
  const needle = useDebounced(text.trim(), 120);
  const stores = useQuery({ ...storeSearchQuery(needle), enabled: isOpen && needle !== '' });
  const connections = useQuery({ ...connectionsQuery, enabled: isOpen });

  function close(): void {
    onOpenChange(false);
    setText('');
  }
  function choose(act: () => void): void {
    close();
    act();
  }

  const actions: Action[] = [
    ...Object.entries(GO_TO).map(([key, { path, label }]) => ({
      id: `go-${path}`,
      label: `Go to ${label}`,
      icon: LinkIcon,
      shortcut: `g ${key}`,
      run: () => router.push(path),
    })),
    ...(maySync.isAllowed ? (connections.data ?? []) : [])
      .filter((connection) => connection.isEnabled)
      .flatMap((connection) => [
        {
          id: `sync-${connection.id}`,
          label: `Sync now: ${connection.name}`,
          icon: RefreshCwIcon,
          run: () => startSync.mutate({ connectionId: connection.id }),
        },
        {
          id: `dry-${connection.id}`,
          label: `Dry run: ${connection.name}`,
          icon: ScanSearchIcon,
          run: () => startSync.mutate({ connectionId: connection.id, dryRun: true }),
        },
      ]),
  ].filter((action) => action.label.toLowerCase().includes(text.trim().toLowerCase()));
  const found = needle === '' ? [] : (stores.data?.data ?? []);

  return (
    <CommandDialog
      open={isOpen}
      onOpenChange={(next) => (next ? onOpenChange(true) : close())}
      title="Search and commands"
      description="Go to a vector store by name or id, to a page, or start a sync"
      className="top-[20%] translate-y-0 sm:max-w-xl"
      showCloseButton={false}
      shouldFilter={false}
    >
      <CommandInput value={text} onValueChange={setText} placeholder="Store name or id, page, or action…" />
      <CommandList className="max-h-[min(26rem,60dvh)]">
        <CommandEmpty>
          {stores.isFetching ? 'Searching…' : stores.isError ? 'The search failed. Try again.' : 'Nothing matches.'}
        </CommandEmpty>
        {found.length > 0 ? (
          <CommandGroup heading="Vector stores">
            {found.map((store) => (
              <CommandItem
                key={store.id}
                value={store.id}
                onSelect={() => choose(() => router.push(`/stores/${encodeURIComponent(store.id)}`))}
              >
                <DatabaseIcon aria-hidden="true" />
                <span className="min-w-0 flex-1">
                  <span className="block truncate">
                    <StoreName name={store.name} />
                  </span>
                  <span className="text-muted-foreground block truncate font-mono text-xs">{store.id}</span>
                </span>
                <OriginLines source={store.source} connectionId={store.connectionId} />
              </CommandItem>
            ))}
          </CommandGroup>
        ) : null}
        {actions.length > 0 ? (
          <CommandGroup heading="Actions">
            {actions.map(({ id, label, icon: Icon, shortcut, run }) => (
              <CommandItem key={id} value={id} onSelect={() => choose(run)}>
                <Icon aria-hidden="true" />
                <span className="truncate">{label}</span>
                {shortcut === undefined ? null : <CommandShortcut>{shortcut}</CommandShortcut>}
              </CommandItem>
            ))}
          </CommandGroup>
        ) : null}
      </CommandList>
    </CommandDialog>
  );
}
