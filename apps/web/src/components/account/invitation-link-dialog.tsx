'use client';

import type { CreatedInvitation } from '@espejo/contracts';
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
import { Time } from '#components/time.tsx';

/** Shows the link of an invitation once. Espejo sends no mail: the inviting user sends the link. */
export function InvitationLinkDialog({ made, onClose }: { made: CreatedInvitation; onClose: () => void }) {
  const link = new URL(made.path, window.location.origin).href;
  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle className="px-4 break-all sm:px-0">Send this link to {made.email}</DialogTitle>
          <DialogDescription>
            It is shown only once, works once, and expires <Time at={made.expiresAt} />. The first person to open it can
            use it, so send it privately.
          </DialogDescription>
        </DialogHeader>
        <p className="bg-muted flex min-w-0 items-center gap-2 rounded-md px-3 py-2">
          <code data-testid="invitation-link" className="min-w-0 flex-1 font-mono text-xs break-all">
            {link}
          </code>
          <CopyButton value={link} label="Copy the link" />
        </p>
        <DialogFooter>
          <Button onClick={onClose}>I have copied it</Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
