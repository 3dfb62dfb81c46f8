'use client';

import type { Agent } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { Button } from '@espejo/ui/ui/button';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { usePermission } from '#lib/access/use-permission.ts';
import { agentQuery, putAgent } from '#lib/api/agents.ts';
import { plural } from '#lib/format/count.ts';
import { type BindingDraft, newDraft, toBindings, toDraft } from '../binding-draft.ts';
import { AddStore } from './add-store.tsx';
import { AgentHeader } from './agent-header.tsx';
import { AgentSnippet } from './agent-snippet.tsx';
import { BindingCard } from './binding-card.tsx';

/** The stores of an agent, edited as one list and saved together. Null: the agent does not exist yet. */
export function AgentEditor({ agentKey, agent }: { agentKey: string; agent: Agent | null }) {
  const queryClient = useQueryClient();
  const may = usePermission('write');
  const [edited, setEdited] = useState<readonly BindingDraft[] | null>(null);
  const drafts = edited ?? agent?.bindings.map(toDraft) ?? [];
  const bindings = toBindings(drafts);
  const brokenCount = drafts.filter(({ state }) => state !== 'ready').length;
  const save = useMutation({
    mutationFn: (body: NonNullable<typeof bindings>) => putAgent(agentKey, body),
    onSuccess: (saved) => {
      queryClient.setQueryData(agentQuery(agentKey).queryKey, saved);
      setEdited(null);
      toast.success(`Agent “${agentKey}” saved`);
    },
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ['agents', 'list'] });
      void queryClient.invalidateQueries({ queryKey: ['vector-stores', 'one'] });
    },
  });
  const replace = (index: number, next: BindingDraft) =>
    setEdited(drafts.map((draft, at) => (at === index ? next : draft)));

  return (
    <div className="flex flex-col gap-4 px-4 pt-4 pb-6">
      <AgentHeader agentKey={agentKey} agent={agent} />
      {brokenCount > 0 ? (
        <Banner
          tone="danger"
          title={`This agent cannot be built: ${plural(brokenCount, 'store is', 'stores are')} broken.`}
        >
          Its tools cannot be resolved, so no run starts. Restore the store, or remove it here.
        </Banner>
      ) : null}
      <section aria-label="Stores" className="flex max-w-3xl flex-col gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="mr-auto font-semibold tracking-tight">Stores</h2>
          <AddStore
            boundIds={drafts.map(({ vectorStoreId }) => vectorStoreId)}
            onAdd={(store) => setEdited([...drafts, newDraft(store)])}
          />
        </div>
        {drafts.length === 0 ? (
          <p className="text-muted-foreground rounded-md border border-dashed px-3 py-6 text-center text-pretty">
            No store yet. Add a primary store or a mirror. A binding does not change the store.
          </p>
        ) : (
          <fieldset disabled={!may.isAllowed} data-hint={may.reason ?? undefined}>
            <legend className="sr-only">Settings of each store</legend>
            <ul className="flex flex-col gap-2">
              {drafts.map((draft, index) => (
                <BindingCard
                  key={draft.vectorStoreId}
                  draft={draft}
                  onChange={(next) => replace(index, next)}
                  onRemove={() => setEdited(drafts.toSpliced(index, 1))}
                  onUp={index === 0 ? null : () => setEdited(swapped(drafts, index - 1))}
                />
              ))}
            </ul>
          </fieldset>
        )}
        <MutationError error={save.error} title="Not saved." />
        {edited === null ? null : (
          <div className="flex flex-wrap items-center justify-end gap-2">
            <span className="text-muted-foreground mr-auto text-xs">
              {drafts.length === 0
                ? 'An agent needs at least one store. To remove the agent, delete it.'
                : brokenCount > 0
                  ? 'Remove the broken stores to save.'
                  : 'Unsaved changes.'}
            </span>
            <Button
              size="sm"
              variant="outline"
              onClick={() => {
                setEdited(null);
                save.reset();
              }}
            >
              Discard
            </Button>
            <PermissionButton
              needs="write"
              size="sm"
              disabled={bindings === null || save.isPending}
              onClick={() => (bindings === null ? undefined : save.mutate(bindings))}
            >
              {save.isPending ? 'Saving…' : 'Save'}
            </PermissionButton>
          </div>
        )}
      </section>
      {agent === null ? null : <AgentSnippet agentKey={agentKey} />}
    </div>
  );
}

/** The list with the draft at an index and the one after it swapped. */
function swapped(drafts: readonly BindingDraft[], index: number): readonly BindingDraft[] {
  return [...drafts.slice(0, index), ...drafts.slice(index, index + 2).reverse(), ...drafts.slice(index + 2)];
}
