'use client';

import type { Transfer } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { ProgressBar } from '@espejo/ui/blocks/progress-bar';
import { Button } from '@espejo/ui/ui/button';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeftRightIcon } from 'lucide-react';
import Link from 'next/link';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { asApiError } from '#lib/api/client.ts';
import { transferQuery } from '#lib/api/transfers.ts';
import { useValidParams } from '#lib/hooks/use-valid-params.ts';
import { TRANSFER_PHASE, writtenText } from '#lib/labels/transfers.ts';
import { TransferHeader } from './_components/transfer-header.tsx';
import { TransferItems } from './_components/transfer-items.tsx';
import { transferSearchParams } from './search-params.ts';

/** One transfer: its progress while it runs, and the result of each file. */
export function TransferClient({ id }: { id: string }) {
  useValidParams(transferSearchParams);
  const transfer = useQuery(transferQuery(id));
  if (transfer.isPending) return <LoadingRows label="Loading the transfer" />;
  if (transfer.data === undefined) {
    if (asApiError(transfer.error).status === 404) return <TransferNotFound id={id} />;
    return (
      <ErrorState
        isPageTitle
        title="The transfer could not be loaded"
        error={transfer.error}
        onRetry={() => void transfer.refetch()}
      />
    );
  }
  return <TransferView transfer={transfer.data} />;
}

function TransferView({ transfer }: { transfer: Transfer }) {
  return (
    <div className="flex min-h-full flex-col md:h-full">
      <div className="flex flex-col gap-3 px-4 pt-4 pb-3">
        <TransferHeader transfer={transfer} />
        {transfer.status === 'running' ? <Progress transfer={transfer} /> : null}
        {transfer.status === 'parked' ? (
          <Banner tone="warning" title="Needs attention." role="alert">
            {transfer.reason}
          </Banner>
        ) : null}
        {transfer.status === 'succeeded' && transfer.reason !== null ? (
          <Banner tone="info" title="Some files were skipped.">
            {transfer.reason}
          </Banner>
        ) : null}
        {transfer.status === 'cancelled' && transfer.kind === 'publish' && transfer.target.id !== null ? (
          <Banner tone="info" title="The published store expires a day after its last use.">
            Its files do not expire with it. To delete them too, delete the store here once it is mirrored.
          </Banner>
        ) : null}
        {transfer.notes.length === 0 ? null : (
          <p className="text-muted-foreground text-pretty">{transfer.notes.join(' ')}</p>
        )}
      </div>
      <TransferItems transfer={transfer} />
    </div>
  );
}

function Progress({ transfer }: { transfer: Transfer }) {
  const { counts, phase, reason } = transfer;
  const text = writtenText(transfer);
  const toCopy = counts.expected - counts.skipped;
  return (
    <section aria-label="Transfer in progress" className="bg-brand-soft/60 flex flex-col gap-2 rounded-md p-3">
      <p className="font-medium tabular-nums">
        {TRANSFER_PHASE[phase]}
        {counts.expected === 0 ? null : <span className="text-muted-foreground font-normal"> · {text}</span>}
      </p>
      <ProgressBar
        label="Transfer progress"
        // A copied file counts as half done; indexing is the other half.
        fraction={toCopy === 0 ? null : (counts.copied + counts.written) / (2 * toCopy)}
        valueText={text}
      />
      {reason === null ? null : <p className="text-muted-foreground">{reason}</p>}
    </section>
  );
}

function TransferNotFound({ id }: { id: string }) {
  return (
    <EmptyState
      icon={ArrowLeftRightIcon}
      title="No such transfer"
      isPageTitle
      actions={
        <Button asChild variant="outline" size="sm">
          <Link href="/transfers">All transfers</Link>
        </Button>
      }
    >
      <p>
        Nothing here has the id <code className="font-mono text-xs break-all">{id}</code>.
      </p>
    </EmptyState>
  );
}
