'use client';

import type { SyncPlan, SyncRun } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { Field } from '@espejo/ui/blocks/field';
import { Button } from '@espejo/ui/ui/button';
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@espejo/ui/ui/dialog';
import { Input } from '@espejo/ui/ui/input';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { MutationError } from '#components/states/mutation-error.tsx';
import { asApiError } from '#lib/api/client.ts';
import { approveSyncRun, syncRunQuery } from '#lib/api/sync-runs.ts';
import { needsTyping } from '../review.ts';

interface ApproveDialogProps {
  readonly run: SyncRun;
  readonly plan: SyncPlan;
  readonly removals: string;
  readonly onClose: () => void;
}

/**
 * Confirms the approval of a plan. It sends the hash of the plan on screen. If upstream has changed since, the API
 * rejects the approval, and the dialog loads the new plan and asks again.
 */
export function ApproveDialog({ run, plan, removals, onClose }: ApproveDialogProps) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const [typed, setTyped] = useState('');
  const [refusedHash, setRefusedHash] = useState<string | null>(null);
  const hasNewPlan = refusedHash !== plan.hash;
  const mustType = needsTyping(plan);

  const approve = useMutation({
    mutationFn: () => approveSyncRun(run.id, plan.hash),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries();
      toast.success('Approved');
      onClose();
      if (id !== run.id) router.push(`/sync/${encodeURIComponent(id)}`);
    },
    onError: async (cause) => {
      if (asApiError(cause).code !== 'stale_plan') return;
      setTyped('');
      setRefusedHash(plan.hash);
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: syncRunQuery(run.id).queryKey }),
        queryClient.invalidateQueries({ queryKey: ['status'] }),
      ]);
    },
  });
  const isStale = approve.isError && asApiError(approve.error).code === 'stale_plan';

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (mustType && typed.trim() !== run.connectionName) return;
    approve.mutate();
  }

  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent>
        <form onSubmit={onSubmit} className="grid gap-4">
          <DialogHeader>
            <DialogTitle>Remove {removals}?</DialogTitle>
            <DialogDescription>
              They are removed from the mirror of “{run.connectionName}”, each after a direct request confirms that it
              is gone. Items that still exist upstream are kept. Nothing changes at OpenAI.
            </DialogDescription>
          </DialogHeader>
          {refusedHash !== null ? (
            <Banner tone="warning" title="The plan has changed." role="alert">
              {hasNewPlan
                ? 'The numbers above are from the new plan. Approve only if they are what you expect.'
                : 'A newer run waits for review. Close this dialog and open the newest run.'}
            </Banner>
          ) : null}
          {mustType ? (
            <Field
              label={`Type “${run.connectionName}” to confirm`}
              description="This many removals at once are rare. A wrong key or project is a common cause."
            >
              {(control) => (
                <Input
                  {...control}
                  value={typed}
                  autoComplete="off"
                  spellCheck={false}
                  onChange={(event) => setTyped(event.target.value)}
                />
              )}
            </Field>
          ) : null}
          {isStale ? null : <MutationError error={approve.error} title="Not approved." />}
          <DialogFooter>
            <Button type="button" variant="outline" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              variant="destructive"
              disabled={approve.isPending || !hasNewPlan || (mustType && typed.trim() !== run.connectionName)}
            >
              {approve.isPending ? 'Approving…' : 'Approve removals'}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
