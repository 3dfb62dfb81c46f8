'use client';

import './globals.css';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { Button } from '@espejo/ui/ui/button';
import { OctagonXIcon, RotateCcwIcon } from 'lucide-react';

/** The last resort: the frame itself broke, so this stands in its place with a document of its own. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Espejo broke</title>
        <main id="main" className="grid min-h-dvh place-items-center">
          <div role="alert">
            <EmptyState
              icon={OctagonXIcon}
              tone="danger"
              title="The console broke"
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
        </main>
      </body>
    </html>
  );
}
