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

/** The link of an invitation, the one time that it is shown. Espejo sends no mail: whoever invites hands it on. */
export function InvitationLinkDialog({ made, onClose }: { made: CreatedInvitation; onClose: () => void }) {
  const link = new URL(made.path, window.location.origin).href;
  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle className="px-4 break-all sm:px-0">Send this link to {made.email}</DialogTitle>
          <DialogDescription>
            It is shown this once, works once, and ends <Time at={made.expiresAt} />. Whoever opens it first may use it,
            so send it in private.
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
