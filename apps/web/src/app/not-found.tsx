import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { Button } from '@espejo/ui/ui/button';
import { CompassIcon } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';

export const metadata: Metadata = { title: 'Page not found' };

export default function NotFound() {
  return (
    <main id="main" className="grid min-h-dvh place-items-center">
      <EmptyState
        icon={CompassIcon}
        title="Page not found"
        isPageTitle
        actions={
          <Button asChild size="sm">
            <Link href="/stores">Go to vector stores</Link>
          </Button>
        }
      >
        <p>The address may be mistyped or belong to another version of the console.</p>
      </EmptyState>
    </main>
  );
}
