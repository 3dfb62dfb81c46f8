'use client';

import type { DeletionPlan, PlanDeletionBody } from '@espejo/contracts';
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
import { Skeleton } from '@espejo/ui/ui/skeleton';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { MutationError } from '#components/states/mutation-error.tsx';
import { asApiError } from '#lib/api/client.ts';
import { deletionPlanQuery, restoreVectorStore, startDeletion } from '#lib/api/deletions.ts';
import { useConnectionNames } from '#lib/hooks/use-connection-names.ts';
import { planScope } from '#lib/labels/deletions.ts';
import { confirmationPhrase, planPlace } from '#lib/labels/plan-places.ts';
import { FilesChoice } from './files-choice.tsx';
import { PlanImpact } from './plan-impact.tsx';

interface DeletionDialogProps {
  readonly request: PlanDeletionBody;
  readonly onClose: () => void;
  /** The deletion is recorded and runs in the background. */
  readonly onStarted?: (deletionId: string) => void;
}

/**
 * Shows the impact of a deletion, planned from the live upstream, before it can start. It sends the hash of the plan on
 * screen. If upstream has changed since, nothing is deleted and the new plan is shown.
 */
export function DeletionDialog({ request, onClose, onStarted }: DeletionDialogProps) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const [files, setFiles] = useState<'delete' | 'keep'>('delete');
  const [typed, setTyped] = useState('');
  const [staleHash, setStaleHash] = useState<string | null>(null);
  const plan = useQuery(deletionPlanQuery({ ...request, files }));
  const { areSeveral } = useConnectionNames();
  const start = useMutation({
    mutationFn: (ready: DeletionPlan) => startDeletion(ready.planHash),
    onSuccess: ({ id }, ready) => {
      onStarted?.(id);
      onClose();
      const watch = { label: 'Watch', onClick: () => router.push(`/tasks/${encodeURIComponent(id)}`) };
      if (ready.isUndoable) announceUndoable(ready, () => void queryClient.invalidateQueries());
      else toast.success(`Deleting ${scopeAndPlace(ready)}`, { action: watch });
    },
    onError: async (cause, ready) => {
      if (asApiError(cause).code !== 'stale_plan') return;
      setTyped('');
      setStaleHash(ready.planHash);
      await plan.refetch();
    },
    onSettled: () => queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'deletion-plan' }),
  });
  const isStale = start.isError && asApiError(start.error).code === 'stale_plan';
  const ready = plan.isFetching ? undefined : plan.data;
  const phrase = ready?.severity === 'high' ? confirmationPhrase(ready, areSeveral) : null;
  const isEmpty = ready !== undefined && planScope(ready.counts) === 'nothing';
  const canDelete = ready !== undefined && !isEmpty && (phrase === null || typed.trim() === phrase.trim());

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (canDelete && !start.isPending) start.mutate(ready);
  }

  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent className="max-h-[90dvh] overflow-y-auto sm:max-w-2xl">
        <form onSubmit={onSubmit} className="grid min-w-0 gap-4">
          <DialogHeader>
            <DialogTitle className="pr-4 leading-snug">{titleOf(ready, isEmpty)}</DialogTitle>
            <DialogDescription>
              {ready?.isUndoable
                ? 'You can restore it from the trash.'
                : 'Based on the current state of the project. Nothing has been deleted yet.'}
            </DialogDescription>
          </DialogHeader>
          {staleHash === null ? null : (
            <Banner tone="warning" title="The stores or files have changed." role="alert">
              Nothing was deleted. Review the new plan before you continue.
            </Banner>
          )}
          {hasStores(request) ? (
            <FilesChoice value={files} onValueChange={setFiles} isDisabled={start.isPending} />
          ) : null}
          {plan.isError && !plan.isFetching ? (
            <MutationError error={plan.error} title="The plan could not be created." />
          ) : ready === undefined ? (
            <PlanSkeleton />
          ) : (
            <PlanImpact plan={ready} />
          )}
          {phrase === null || isEmpty ? null : (
            <Field label={`Type “${phrase}” to confirm`}>
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
          )}
          {isStale ? null : <MutationError error={start.error} title="Not deleted." />}
          <DialogFooter>
            {plan.isError ? (
              <Button type="button" variant="outline" onClick={() => void plan.refetch()} disabled={plan.isFetching}>
                Try again
              </Button>
            ) : null}
            <Button type="button" variant="outline" onClick={onClose}>
              {isEmpty ? 'Close' : 'Cancel'}
            </Button>
            {isEmpty ? null : (
              <Button type="submit" variant="destructive" disabled={!canDelete || start.isPending}>
                {start.isPending
                  ? 'Starting…'
                  : ready?.isUndoable
                    ? 'Move to trash'
                    : ready === undefined
                      ? 'Delete'
                      : `Delete ${planScope(ready.counts)}`}
              </Button>
            )}
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}

/** A deletion of low severity asks no confirmation; its toast offers undo, which restores the stores. */
function announceUndoable(plan: DeletionPlan, onRestored: () => void): void {
  toast.success(`Moved ${planScope(plan.counts)} to the trash`, {
    duration: 10_000,
    action: {
      label: 'Undo',
      onClick: () => {
        Promise.all(plan.stores.map((store) => restoreVectorStore(store.id)))
          .then(() => toast.success('Restored'))
          .catch((cause: unknown) => toast.error(asApiError(cause).message))
          .finally(onRestored);
      },
    },
  });
}

function titleOf(plan: DeletionPlan | undefined, isEmpty: boolean): string {
  if (plan === undefined) return 'Planning the deletion…';
  if (isEmpty) return 'There is nothing to delete';
  return plan.isUndoable ? `Move ${planScope(plan.counts)} to the trash?` : `Delete ${scopeAndPlace(plan)}?`;
}

/** "1 vector store in Acme EU". */
function scopeAndPlace(plan: DeletionPlan): string {
  return [planScope(plan.counts), planPlace(plan)].filter((part) => part !== null).join(' ');
}

function hasStores(request: PlanDeletionBody): boolean {
  return (request.storeIds?.length ?? 0) > 0 || request.filter !== undefined;
}

function PlanSkeleton() {
  return (
    <div className="grid gap-3" role="status">
      <span className="sr-only">Loading the current state of the project</span>
      <Skeleton className="h-14" />
      <Skeleton className="h-24" />
    </div>
  );
}
