'use client';

import type { Deletion } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { Button } from '@espejo/ui/ui/button';
import Link from 'next/link';
import { useState } from 'react';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { DeletionDialog } from '#components/deletion/deletion-dialog.tsx';
import { StoreName } from '#components/store-name.tsx';
import { plural } from '#lib/format/count.ts';
import { describeStop } from '#lib/format/deletion-outcome.ts';

/** What a cancelled deletion did and left, with the way to plan the rest: a cancelled deletion cannot be resumed. */
export function StoppedBanner({ deletion }: { deletion: Deletion }) {
  const [isPlanning, setIsPlanning] = useState(false);
  const { storesLeft, counts, done } = deletion;
  const hiddenCount = counts.stores - done.stores - storesLeft.length;
  const [only] = storesLeft.length === 1 ? storesLeft : [];
  return (
    <Banner
      tone="warning"
      title="This deletion was cancelled."
      actions={
        <>
          {deletion.steps.cancelled === 0 ? null : (
            <PermissionButton needs="delete" size="sm" variant="outline" onClick={() => setIsPlanning(true)}>
              Plan the rest…
            </PermissionButton>
          )}
          {only === undefined ? null : (
            <Button asChild size="sm" variant="outline">
              <Link href={storeHref(only.id)}>Open the store</Link>
            </Button>
          )}
        </>
      }
    >
      {describeStop(deletion)}
      {storesLeft.length < 2 ? null : (
        <ul aria-label="Stores that still exist" className="mt-1 flex flex-wrap gap-x-4 gap-y-1">
          {storesLeft.map((store) => (
            <li key={store.id}>
              <Link href={storeHref(store.id)} className="underline underline-offset-2">
                <StoreName name={store.name} />
              </Link>{' '}
              · {plural(store.fileCount, 'file')}
            </li>
          ))}
          {hiddenCount > 0 ? <li>and {hiddenCount} more</li> : null}
        </ul>
      )}
      {isPlanning ? <DeletionDialog request={{ restOf: deletion.id }} onClose={() => setIsPlanning(false)} /> : null}
    </Banner>
  );
}

function storeHref(id: string): string {
  return `/stores/${encodeURIComponent(id)}`;
}
