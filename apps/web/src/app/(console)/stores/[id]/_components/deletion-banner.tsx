'use client';

import type { VectorStoreDetail } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { Button } from '@espejo/ui/ui/button';
import Link from 'next/link';
import { plural } from '#lib/format/count.ts';

type Unfinished = NonNullable<VectorStoreDetail['unfinishedDeletion']>;

const TITLES: Readonly<Record<Unfinished['status'], string>> = {
  waiting: 'This store is about to be deleted.',
  running: 'This store is being deleted.',
  parked: 'The deletion of this store needs attention.',
  cancelled: 'The deletion of this store was cancelled.',
};

/** Says why the files of a store are fewer than its own figures claim, until a sync has read it again. */
export function DeletionBanner({ deletion }: { deletion: Unfinished }) {
  const isOpen = deletion.status === 'waiting' || deletion.status === 'running';
  return (
    <Banner
      tone="warning"
      title={TITLES[deletion.status]}
      actions={
        <Button asChild variant="link" size="sm" className="text-ui h-5 px-0 text-current underline">
          <Link href={`/tasks/${encodeURIComponent(deletion.id)}`}>{isOpen ? 'Watch the task' : 'Open the task'}</Link>
        </Button>
      }
    >
      {deletion.detachedCount === 0
        ? null
        : `It took ${plural(deletion.detachedCount, 'file')} out of the store. The counts and the size shown here are those of the last sync.`}
    </Banner>
  );
}
