'use client';

import type { Transfer } from '@espejo/contracts';
import { CopyButton } from '@espejo/ui/blocks/copy-button';
import { Stat } from '@espejo/ui/blocks/facts';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { Button } from '@espejo/ui/ui/button';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCcwIcon, ScaleIcon } from 'lucide-react';
import Link from 'next/link';
import { toast } from 'sonner';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { Breadcrumb } from '#components/breadcrumb.tsx';
import { StoreName } from '#components/store-name.tsx';
import { Time } from '#components/time.tsx';
import { asApiError } from '#lib/api/client.ts';
import { controlTransfer, transferQuery } from '#lib/api/transfers.ts';
import { formatCount, plural } from '#lib/format/count.ts';
import { TRANSFER_KIND, TRANSFER_STATUS } from '#lib/labels/transfers.ts';

/** The source and target of a transfer, its status and counts, and its actions. */
export function TransferHeader({ transfer }: { transfer: Transfer }) {
  const { source, target, counts } = transfer;
  const status = TRANSFER_STATUS[transfer.status];
  return (
    <div className="flex flex-col gap-3">
      <PageHeader
        above={
          <Breadcrumb href="/transfers" list="Transfers">
            {TRANSFER_KIND[transfer.kind]}
          </Breadcrumb>
        }
        title={<StoreName name={source.name} />}
        description={
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span role="status">
              <ToneBadge tone={status.tone}>{status.text}</ToneBadge>
            </span>
            <span className="flex items-center gap-0.5 font-mono text-xs">
              <span className="break-all">{transfer.id}</span>
              <CopyButton value={transfer.id} label="Copy transfer id" />
            </span>
          </span>
        }
        actions={<Actions transfer={transfer} />}
      />
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2 sm:flex sm:flex-wrap sm:gap-x-10">
        <Stat label="From">
          <StoreLink id={source.id} name={source.name} />
        </Stat>
        <Stat label="To">
          {target.id === null ? 'not created yet' : <StoreLink id={target.id} name={target.name} />}
        </Stat>
        <Stat label="Written">
          {formatCount(counts.written)} of {formatCount(counts.expected)}
        </Stat>
        <Stat label="Failed">
          <span className={counts.failed > 0 ? 'text-danger' : undefined}>{formatCount(counts.failed)}</span>
        </Stat>
        <Stat label="Skipped">{formatCount(counts.skipped)}</Stat>
        <Stat label="Started">
          <Time at={transfer.createdAt} />
        </Stat>
        <Stat label="Ended">{transfer.finishedAt === null ? 'not yet' : <Time at={transfer.finishedAt} />}</Stat>
      </dl>
    </div>
  );
}

function StoreLink({ id, name }: { id: string; name: string | null }) {
  return (
    <Link href={`/stores/${encodeURIComponent(id)}`} className="text-brand underline-offset-2 hover:underline">
      <StoreName name={name} />
    </Link>
  );
}

function Actions({ transfer }: { transfer: Transfer }) {
  const queryClient = useQueryClient();
  const control = useMutation({
    mutationFn: (act: 'retry' | 'finish' | 'cancel') => controlTransfer(transfer.id, act),
    onSuccess: (after) => queryClient.setQueryData(transferQuery(transfer.id).queryKey, after),
    onError: (cause) => {
      const error = asApiError(cause);
      toast.error(error.message, { description: error.code });
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['transfers'] }),
  });
  const { status, source, target, counts } = transfer;
  const isOpen = status === 'running' || status === 'parked';
  return (
    <>
      {status === 'parked' ? (
        <PermissionButton needs="write" size="sm" disabled={control.isPending} onClick={() => control.mutate('retry')}>
          <RotateCcwIcon />
          Try again
        </PermissionButton>
      ) : null}
      {transfer.isFinishable ? (
        <PermissionButton
          needs="write"
          size="sm"
          variant="outline"
          disabled={control.isPending}
          onClick={() => control.mutate('finish')}
        >
          End without {plural(counts.failed, 'file')}
        </PermissionButton>
      ) : null}
      {isOpen ? (
        <PermissionButton
          needs="write"
          size="sm"
          variant="outline"
          disabled={control.isPending}
          onClick={() => control.mutate('cancel')}
        >
          Cancel
        </PermissionButton>
      ) : null}
      {status === 'succeeded' && target.id !== null ? (
        <Button asChild size="sm" variant="outline">
          <Link href={`/parity?left=${encodeURIComponent(source.id)}&right=${encodeURIComponent(target.id)}`}>
            <ScaleIcon />
            Compare results
          </Link>
        </Button>
      ) : null}
    </>
  );
}
