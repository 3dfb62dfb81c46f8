'use client';

import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { Button } from '@espejo/ui/ui/button';
import { CircleCheckIcon, FilesIcon, RefreshCwIcon, SearchXIcon } from 'lucide-react';
import Link from 'next/link';

interface FilesEmptyProps {
  readonly isFiltered: boolean;
  readonly isOrphanFilter: boolean;
  readonly hasNeverSynced: boolean;
  readonly onClear: () => void;
}

/** Why there is no file to show. */
export function FilesEmpty({ isFiltered, isOrphanFilter, hasNeverSynced, onClear }: FilesEmptyProps) {
  const clear = (
    <Button variant="outline" size="sm" onClick={onClear}>
      Clear filters
    </Button>
  );
  if (isOrphanFilter) {
    return (
      <EmptyState icon={CircleCheckIcon} tone="brand" title="No orphans here" actions={clear}>
        <p>Every file that matches is held by a vector store, too fresh to judge, or used without one.</p>
      </EmptyState>
    );
  }
  if (isFiltered) {
    return (
      <EmptyState icon={SearchXIcon} title="No file matches" actions={clear}>
        <p>Search looks at file names and ids.</p>
      </EmptyState>
    );
  }
  if (hasNeverSynced) {
    return (
      <EmptyState
        icon={RefreshCwIcon}
        tone="brand"
        title="Not synced yet"
        actions={
          <Button asChild size="sm">
            <Link href="/sync">Go to Sync</Link>
          </Button>
        }
      >
        <p>Files appear here with the first sync.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={FilesIcon} title="No files yet">
      <p>The last sync was complete and found none. Upload one in the OpenAI project, and it appears here.</p>
    </EmptyState>
  );
}
