'use client';

import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { Button } from '@espejo/ui/ui/button';
import { OctagonXIcon, RotateCcwIcon } from 'lucide-react';

/** The props that Next.js passes to an error page. */
export interface BrokenProps {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}

/** A rendering error of the console, with the text to report and a retry button. */
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
        <p>This is an error in the console, not in your data. If it happens again, report this text:</p>
        <p className="font-mono text-xs break-words">
          {error.message}
          {error.digest === undefined ? '' : ` (${error.digest})`}
        </p>
      </EmptyState>
    </div>
  );
}
