'use client';

import { Button } from '@espejo/ui/ui/button';
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@espejo/ui/ui/dialog';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { MutationError } from '#components/states/mutation-error.tsx';
import { deleteAgent } from '#lib/api/agents.ts';

/** Confirms the deletion of an agent and says what it removes and what it keeps. */
export function DeleteAgentDialog({ agentKey, onClose }: { agentKey: string; onClose: () => void }) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteAgent(agentKey),
    onSuccess: () => {
      toast.success(`Agent “${agentKey}” deleted`);
      router.push('/agents');
    },
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ['agents', 'list'] });
      void queryClient.invalidateQueries({ queryKey: ['vector-stores', 'one'] });
    },
  });
  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle>Delete agent “{agentKey}”?</DialogTitle>
          <DialogDescription>
            Its bindings are deleted, and code that builds it fails. The stores do not change.
          </DialogDescription>
        </DialogHeader>
        <MutationError error={remove.error} title="Not deleted." />
        <DialogFooter>
          <Button variant="outline" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="destructive" disabled={remove.isPending} onClick={() => remove.mutate()}>
            {remove.isPending ? 'Deleting…' : 'Delete agent'}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
