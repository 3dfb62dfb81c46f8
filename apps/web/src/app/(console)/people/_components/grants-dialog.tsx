'use client';

import type { Member } from '@espejo/contracts';
import { isRoleAtLeast } from '@espejo/core';
import { Banner } from '@espejo/ui/blocks/banner';
import { Button } from '@espejo/ui/ui/button';
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@espejo/ui/ui/dialog';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { XIcon } from 'lucide-react';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { StoreName } from '#components/store-name.tsx';
import { StorePicker } from '#components/store-picker.tsx';
import { Time } from '#components/time.tsx';
import { putStoreGrant, removeStoreGrant, storeGrantsQuery } from '#lib/api/people.ts';
import { ROLE_WORDS } from '#lib/format/roles.ts';

type Change = { readonly storeId: string; readonly act: 'give' | 'take' };

/** The stores in which a member has a higher role. Each change takes effect immediately. */
export function GrantsDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const queryClient = useQueryClient();
  const { user, role } = member;
  const grants = useQuery(storeGrantsQuery(member.id));
  const change = useMutation({
    mutationFn: async ({ storeId, act }: Change) => {
      if (act === 'give') await putStoreGrant(member.id, storeId);
      else await removeStoreGrant(member.id, storeId);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['people'] }),
  });
  const given = grants.data?.data ?? [];
  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent className="max-h-[90dvh] overflow-y-auto">
        <DialogHeader>
          <DialogTitle>Stores {user.name} may edit</DialogTitle>
          <DialogDescription>
            In these stores they have the editor role: they change the store, its files and attributes. In all others
            they stay {ROLE_WORDS[role].name.toLowerCase()}.
          </DialogDescription>
        </DialogHeader>
        {isRoleAtLeast(role, 'editor') ? (
          <Banner tone="info" title="Their role already lets them edit every store." role="note">
            The stores chosen here take effect only if their role becomes viewer.
          </Banner>
        ) : null}
        {grants.data === undefined ? (
          grants.isError ? (
            <ErrorState
              title="The stores could not be loaded"
              error={grants.error}
              onRetry={() => void grants.refetch()}
            />
          ) : (
            <LoadingRows label="Loading the stores" />
          )
        ) : (
          <>
            {given.length === 0 ? (
              <p className="text-muted-foreground">No store yet. Add one below.</p>
            ) : (
              <ul aria-label="Chosen stores" className="max-h-44 divide-y overflow-y-auto rounded-md border">
                {given.map((grant) => (
                  <li key={grant.storeId} className="flex items-center gap-2 px-3 py-1.5">
                    <span className="min-w-0 flex-1">
                      <span className="block truncate font-medium">
                        <StoreName name={grant.storeName} />
                      </span>
                      <span className="text-muted-foreground block truncate text-xs">
                        by <bdi>{grant.grantedBy}</bdi> <Time at={grant.grantedAt} />
                      </span>
                    </span>
                    <Button
                      size="icon-sm"
                      variant="ghost"
                      disabled={change.isPending}
                      aria-label={`Remove ${grant.storeName ?? grant.storeId}`}
                      onClick={() => change.mutate({ storeId: grant.storeId, act: 'take' })}
                    >
                      <XIcon />
                    </Button>
                  </li>
                ))}
              </ul>
            )}
            <StorePicker
              chosenIds={new Set(given.map((grant) => grant.storeId))}
              isBusy={change.isPending}
              onPick={(store) => change.mutate({ storeId: store.id, act: 'give' })}
            />
          </>
        )}
        <MutationError error={change.error} title="Not changed." />
        <DialogFooter>
          <Button onClick={onClose}>Done</Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
