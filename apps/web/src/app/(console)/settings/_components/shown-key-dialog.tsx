'use client';

import type { CreatedApiKey } from '@espejo/contracts';
import { CopyButton } from '@espejo/ui/blocks/copy-button';
import { Button } from '@espejo/ui/ui/button';
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@espejo/ui/ui/dialog';

/** Shows a new key; it is never shown again. */
export function ShownKeyDialog({ made, onClose }: { made: CreatedApiKey; onClose: () => void }) {
  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle>Copy the key “{made.name}” now</DialogTitle>
          <DialogDescription>It is shown only once. Espejo stores only a hash of it.</DialogDescription>
        </DialogHeader>
        <p className="bg-muted flex items-center gap-2 rounded-md px-3 py-2">
          <code data-testid="api-key" className="min-w-0 flex-1 font-mono text-xs break-all">
            {made.key}
          </code>
          <CopyButton value={made.key} label="Copy the key" />
        </p>
        <DialogFooter>
          <Button onClick={onClose}>I have copied it</Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
