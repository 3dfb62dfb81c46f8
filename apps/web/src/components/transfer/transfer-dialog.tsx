'use client';

import { LIMITS, type TransferPreview, type VectorStoreDetail } from '@espejo/contracts';
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
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@espejo/ui/ui/select';
import { Skeleton } from '@espejo/ui/ui/skeleton';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { MutationError } from '#components/states/mutation-error.tsx';
import { connectionsQuery } from '#lib/api/connections.ts';
import { startTransfer, transferPreviewQuery } from '#lib/api/transfers.ts';
import { formatBytes } from '#lib/format/bytes.ts';
import { formatCount, plural } from '#lib/format/count.ts';
import { perMonth } from '#lib/labels/deletions.ts';

const WORDS = {
  adopt: {
    title: 'Adopt this mirror',
    about: 'Copies its files into a primary store, which you can edit. The store at OpenAI does not change.',
    act: 'Adopt',
  },
  publish: {
    title: 'Publish this store',
    about: 'Uploads its files into a new store in an OpenAI project. This store does not change.',
    act: 'Publish',
  },
} as const;

/** Shows the size, cost and losses of a transfer before it starts: adopt for a mirror, publish for a primary store. */
export function TransferDialog({ store, onClose }: { store: VectorStoreDetail; onClose: () => void }) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const kind = store.source === 'cache' ? 'adopt' : 'publish';
  const words = WORDS[kind];
  const [name, setName] = useState(store.name ?? '');
  const [connectionId, setConnectionId] = useState<string | null>(null);
  const connections = useQuery({ ...connectionsQuery, enabled: kind === 'publish' });
  const open = (connections.data ?? []).filter((connection) => connection.isEnabled);
  const chosen = connectionId ?? open[0]?.id;
  const preview = useQuery({
    ...transferPreviewQuery(store.id, kind, chosen),
    enabled: kind === 'adopt' || chosen !== undefined,
  });
  const start = useMutation({
    mutationFn: () => {
      const given = name.trim() === '' ? {} : { name: name.trim() };
      return startTransfer(
        kind === 'adopt'
          ? { kind, storeId: store.id, ...given }
          : { kind, storeId: store.id, connectionId: chosen ?? '', ...given },
      );
    },
    onSuccess: (transfer) => {
      void queryClient.invalidateQueries({ queryKey: ['transfers'] });
      onClose();
      router.push(`/transfers/${encodeURIComponent(transfer.id)}`);
    },
  });
  const isReady = preview.data !== undefined && preview.data.fileCount > 0;

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (isReady && !start.isPending) start.mutate();
  }

  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent className="max-h-[90dvh] overflow-y-auto sm:max-w-xl">
        <form onSubmit={onSubmit} className="grid min-w-0 gap-4">
          <DialogHeader>
            <DialogTitle>{words.title}</DialogTitle>
            <DialogDescription>{words.about}</DialogDescription>
          </DialogHeader>
          {kind === 'publish' ? (
            <Field label="Target project">
              {(control) => (
                <Select value={chosen ?? ''} onValueChange={setConnectionId}>
                  <SelectTrigger className="w-full" {...control}>
                    <SelectValue placeholder="No connection is enabled" />
                  </SelectTrigger>
                  <SelectContent>
                    {open.map((connection) => (
                      <SelectItem key={connection.id} value={connection.id}>
                        {connection.name}
                      </SelectItem>
                    ))}
                  </SelectContent>
                </Select>
              )}
            </Field>
          ) : null}
          <Field label="Name of the copy">
            {(control) => (
              <Input
                {...control}
                value={name}
                maxLength={LIMITS.nameMax}
                placeholder="Unnamed"
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          {preview.isError ? (
            <MutationError error={preview.error} title="This store cannot be copied." />
          ) : preview.data === undefined ? (
            <Skeleton className="h-24" />
          ) : (
            <Preview preview={preview.data} />
          )}
          <MutationError error={start.error} title="Not started." />
          <DialogFooter>
            <Button type="button" variant="outline" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!isReady || start.isPending}>
              {start.isPending ? 'Starting…' : `${words.act} ${plural(preview.data?.fileCount ?? 0, 'file')}`}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}

function Preview({ preview }: { preview: TransferPreview }) {
  const { fileCount, skippedCount, sizeBytes, requests, monthlyCostUsd, notes } = preview;
  return (
    <div className="grid gap-3">
      <ul className="grid list-disc gap-1 pl-5">
        <li>
          {plural(fileCount, 'file')} with {formatBytes(sizeBytes)} indexed, their attributes and their chunking
        </li>
        {skippedCount === 0 ? null : <li>{plural(skippedCount, 'file')} skipped: their ingestion is not complete</li>}
        <li>About {formatCount(requests)} requests to OpenAI; you can close the page meanwhile</li>
        {monthlyCostUsd === null ? null : (
          <li>Adds about {perMonth(monthlyCostUsd)} to the project’s bill (estimate)</li>
        )}
      </ul>
      {notes.length === 0 ? null : (
        <Banner tone="info" title="Not copied." role="note">
          {notes.join(' ')}
        </Banner>
      )}
    </div>
  );
}
