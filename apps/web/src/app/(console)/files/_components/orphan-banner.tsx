'use client';

import { Banner } from '@espejo/ui/blocks/banner';
import { Button } from '@espejo/ui/ui/button';
import { formatBytes } from '#lib/format/bytes.ts';
import { plural } from '#lib/format/count.ts';

interface OrphanBannerProps {
  readonly orphanCount: number;
  readonly orphanBytes: number;
  readonly isComplete: boolean;
  readonly isShowingOrphans: boolean;
  readonly onShowOrphans: () => void;
}

/** The number and size of orphans, and whether the report is complete. */
export function OrphanBanner({
  orphanCount,
  orphanBytes,
  isComplete,
  isShowingOrphans,
  onShowOrphans,
}: OrphanBannerProps) {
  if (!isComplete) {
    return (
      <Banner tone="warning" title="The orphan report is not complete.">
        A listing has not completed yet: a file marked “Unknown” may be attached to a store that was not listed.{' '}
        {orphanCount > 0 ? `${plural(orphanCount, 'orphan')} so far, ${formatBytes(orphanBytes)}.` : ''} The next
        complete sync completes the report.
      </Banner>
    );
  }
  if (orphanCount === 0 || isShowingOrphans) return null;
  return (
    <Banner
      tone="info"
      title={`${plural(orphanCount, 'orphan')}, ${formatBytes(orphanBytes)}.`}
      actions={
        <Button variant="link" size="sm" className="text-ui h-5 px-0 text-current underline" onClick={onShowOrphans}>
          Show orphans
        </Button>
      }
    >
      {orphanCount === 1 ? 'This file is' : 'These files are'} attached to no vector store and{' '}
      {orphanCount === 1 ? 'uses' : 'use'} storage.
    </Banner>
  );
}
