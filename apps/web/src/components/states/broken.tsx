'use client';

import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { Button } from '@espejo/ui/ui/button';
import { OctagonXIcon, RotateCcwIcon } from 'lucide-react';

/** What Next.js hands to an error page. */
export interface BrokenProps {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}

/** Something of the console broke while it was drawn: what to report, and a way to try again. */
export function Broken({ title, error, reset }: BrokenProps & { title: string }) {
  return (
    <div role="alert">
      <EmptyState
        icon={OctagonXIcon}
        tone="danger"
        title={title}
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
