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

/** How many files nobody uses and what they weigh; and whether that can be trusted. */
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
        Some listing behind it has not ended cleanly yet: a file marked “not known” may be held by a store that was not
        seen. {orphanCount > 0 ? `${plural(orphanCount, 'orphan')} so far, ${formatBytes(orphanBytes)}.` : ''} The next
        complete sync settles it.
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
      No vector store holds {orphanCount === 1 ? 'this file' : 'these files'}, yet{' '}
      {orphanCount === 1 ? 'it takes' : 'they take'} storage.
    </Banner>
  );
}
