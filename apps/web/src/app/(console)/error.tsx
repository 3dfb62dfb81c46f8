'use client';

import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { Button } from '@espejo/ui/ui/button';
import { OctagonXIcon, RotateCcwIcon } from 'lucide-react';

/** A page that broke while it was drawn; the frame around it still works. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div role="alert">
      <EmptyState
        icon={OctagonXIcon}
        tone="danger"
        title="This page broke"
        isPageTitle
        actions={
          <Button variant="outline" size="sm" onClick={reset}>
            <RotateCcwIcon />
            Try again
          </Button>
        }
      >
        <p>A fault in the console, not in your data. If it comes back, report these words:</p>
        <p className="font-mono text-xs break-words">
          {error.message}
          {error.digest === undefined ? '' : ` (${error.digest})`}
        </p>
      </EmptyState>
    </div>
  );
}
