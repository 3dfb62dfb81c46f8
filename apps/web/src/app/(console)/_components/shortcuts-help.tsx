'use client';

import { Dialog, DialogContent, DialogDescription, DialogHeader, DialogTitle } from '@espejo/ui/ui/dialog';
import { Kbd } from '@espejo/ui/ui/kbd';
import { LIST_KEYS } from '#components/data-table/list-keys.ts';
import { GO_TO } from '#lib/shortcuts.ts';

const SHORTCUTS: readonly { readonly label: string; readonly keys: readonly string[] }[] = [
  { label: 'Search and commands', keys: ['⌘ or Ctrl', 'K'] },
  { label: 'Focus the search of this list', keys: ['/'] },
  { label: 'Clear the search, then leave it', keys: ['Esc'] },
  ...LIST_KEYS,
  ...Object.entries(GO_TO).map(([key, { label }]) => ({ label: `Go to ${label}`, keys: ['g', key] })),
  { label: 'This help', keys: ['?'] },
];

export function ShortcutsHelp({ isOpen, onOpenChange }: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) {
  return (
    <Dialog open={isOpen} onOpenChange={onOpenChange}>
      <DialogContent className="sm:max-w-md">
        <DialogHeader>
          <DialogTitle>Keyboard shortcuts</DialogTitle>
          <DialogDescription>Shortcuts are disabled while you type.</DialogDescription>
        </DialogHeader>
        <dl className="divide-y">
          {SHORTCUTS.map(({ label, keys }) => (
            <div key={label} className="flex items-center justify-between gap-4 py-2">
              <dt>{label}</dt>
              <dd className="flex gap-1">
                {keys.map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </DialogContent>
    </Dialog>
  );
}
