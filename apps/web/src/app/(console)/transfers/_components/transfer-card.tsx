'use client';

import type { Transfer } from '@espejo/contracts';
import Link from 'next/link';
import { StatusText } from '#components/badges.tsx';
import { StoreName } from '#components/store-name.tsx';
import { Time } from '#components/time.tsx';
import { TRANSFER_KIND, TRANSFER_STATUS, writtenText } from '#lib/labels/transfers.ts';

/** A transfer on a narrow screen. */
export function TransferCard({ transfer }: { transfer: Transfer }) {
  return (
    <article className="active:bg-accent/60 relative flex h-full flex-col justify-center gap-1 px-4">
      <div className="flex items-baseline gap-2">
        <Link
          href={`/transfers/${encodeURIComponent(transfer.id)}`}
          prefetch={false}
          className="min-w-0 truncate text-sm font-medium outline-none after:absolute after:inset-0 focus-visible:underline"
        >
          <StoreName name={transfer.source.name} />
        </Link>
        <span className="ml-auto shrink-0">
          <StatusText label={TRANSFER_STATUS[transfer.status]} />
        </span>
      </div>
      <p className="tabular-nums">{writtenText(transfer)}</p>
      <p className="text-muted-foreground truncate text-xs">
        {TRANSFER_KIND[transfer.kind]} · <Time at={transfer.createdAt} />
      </p>
    </article>
  );
}
