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

/** Why the list of files is empty. */
export function FilesEmpty({ isFiltered, isOrphanFilter, hasNeverSynced, onClear }: FilesEmptyProps) {
  const clear = (
    <Button variant="outline" size="sm" onClick={onClear}>
      Clear filters
    </Button>
  );
  if (isOrphanFilter) {
    return (
      <EmptyState icon={CircleCheckIcon} tone="brand" title="No orphans here" actions={clear}>
        <p>Every matching file is attached to a vector store, too recent to tell, or used without a store.</p>
      </EmptyState>
    );
  }
  if (isFiltered) {
    return (
      <EmptyState icon={SearchXIcon} title="No file matches" actions={clear}>
        <p>Search covers file names and ids.</p>
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
        <p>Files appear here after the first sync.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={FilesIcon} title="No files yet">
      <p>The last complete sync found none. Files that you upload to the OpenAI project appear here.</p>
    </EmptyState>
  );
}
