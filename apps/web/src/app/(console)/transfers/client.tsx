'use client';

import type { Transfer } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { Button } from '@espejo/ui/ui/button';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ArrowLeftRightIcon, ScaleIcon } from 'lucide-react';
import Link from 'next/link';
import { DataTable } from '#components/data-table/data-table.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { transfersQuery } from '#lib/api/transfers.ts';
import { useInfiniteRows } from '#lib/hooks/use-infinite-rows.ts';
import { TransferCard } from './_components/transfer-card.tsx';
import { transferColumns } from './_components/transfer-columns.tsx';

const idOf = (transfer: Transfer) => transfer.id;
const CARD_HEIGHT_PX = 84;

/** Every transfer between OpenAI and Espejo, running or ended. */
export function TransfersClient() {
  const transfers = useInfiniteQuery(transfersQuery);
  const list = useInfiniteRows(transfers, idOf);
  return (
    <div className="flex min-h-full flex-col md:h-full">
      <div className="px-4 pt-4 pb-3">
        <PageHeader
          title="Transfers"
          description="Mirrors adopted into primary stores, and primary stores published to OpenAI."
          actions={
            <Button asChild variant="outline" size="sm">
              <Link href="/parity">
                <ScaleIcon />
                Compare stores
              </Link>
            </Button>
          }
        />
      </div>
      {transfers.isPending ? (
        <LoadingRows label="Loading transfers" />
      ) : transfers.isError && list.rows.length === 0 ? (
        <ErrorState
          title="The transfers could not be loaded"
          error={transfers.error}
          onRetry={() => void transfers.refetch()}
        />
      ) : list.rows.length === 0 ? (
        <EmptyState icon={ArrowLeftRightIcon} title="No transfer yet">
          <p>To start one, open a mirror and adopt it, or open a primary store and publish it, under “More actions”.</p>
        </EmptyState>
      ) : (
        <DataTable
          label="Transfers"
          noun="transfer"
          nouns="transfers"
          list={list}
          columns={transferColumns}
          rowId={idOf}
          renderCard={(transfer) => <TransferCard transfer={transfer} />}
          cardHeightPx={CARD_HEIGHT_PX}
          viewKey="all"
        />
      )}
    </div>
  );
}
