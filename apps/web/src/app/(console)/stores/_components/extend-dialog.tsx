'use client';

import type { ExtendResult, ExtendVectorStoresBody } from '@espejo/contracts';
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
import { type FormEvent, useState } from 'react';
import { MutationError } from '#components/states/mutation-error.tsx';
import { StoreName } from '#components/store-name.tsx';
import { Time } from '#components/time.tsx';
import { extendVectorStores } from '#lib/api/expiry.ts';
import { plural } from '#lib/format/count.ts';

interface ExtendDialogProps {
  readonly target: Pick<ExtendVectorStoresBody, 'storeIds' | 'filter' | 'exceptStoreIds'>;
  readonly count: number;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Extends the expiry of primary stores, and says for each mirror why it cannot be extended here. */
export function ExtendDialog({ target, count, onClose, onDone }: ExtendDialogProps) {
  const queryClient = useQueryClient();
  const [days, setDays] = useState('30');
  const extend = useMutation({
    mutationFn: () => extendVectorStores({ ...target, days: Number(days) }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['vector-stores'] }),
  });
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (extend.data === undefined) extend.mutate();
    else close();
  }
  function close(): void {
    if (extend.data !== undefined) onDone();
    onClose();
  }
  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : close())}>
      <DialogContent className="max-h-[90dvh] overflow-y-auto">
        <form onSubmit={onSubmit} className="grid min-w-0 gap-4">
          <DialogHeader>
            <DialogTitle>Extend {plural(count, 'store')}</DialogTitle>
            <DialogDescription>
              Adds days to the expiry policy of each primary store. The expiry of a mirror is set in its OpenAI project.
            </DialogDescription>
          </DialogHeader>
          {extend.data === undefined ? (
            <Field label="Days to add">
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  min={1}
                  max={3650}
                  required
                  value={days}
                  onChange={(event) => setDays(event.target.value)}
                />
              )}
            </Field>
          ) : (
            <Outcome result={extend.data} />
          )}
          <MutationError error={extend.error} title="Nothing was extended." />
          <DialogFooter>
            {extend.data === undefined ? (
              <>
                <Button type="button" variant="outline" onClick={close}>
                  Cancel
                </Button>
                <Button type="submit" disabled={extend.isPending}>
                  {extend.isPending ? 'Extending…' : 'Extend'}
                </Button>
              </>
            ) : (
              <Button type="submit">Done</Button>
            )}
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}

function Outcome({ result }: { result: ExtendResult }) {
  return (
    <div role="status" className="grid gap-3">
      {result.extended.length === 0 ? null : (
        <div>
          <p className="font-medium">{plural(result.extended.length, 'store')} extended</p>
          <ul className="mt-1 max-h-40 space-y-1 overflow-y-auto">
            {result.extended.map((store) => (
              <li key={store.id} className="flex gap-2">
                <span className="min-w-0 truncate">
                  <StoreName name={store.name} />
                </span>
                <span className="text-muted-foreground ml-auto shrink-0">
                  {store.expiresAt === null ? 'never expires' : <Time at={store.expiresAt} />}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {result.refused.length === 0 ? null : (
        <Banner tone="warning" title={`${plural(result.refused.length, 'store')} not extended.`} role="note">
          {result.refused[0]?.message} <code className="font-mono text-xs">{result.refused[0]?.code}</code>
        </Banner>
      )}
    </div>
  );
}
