import { ChevronRightIcon } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';

/** Where a page stands: the list it belongs to, as a link, and what kind of entry it is. */
export function Breadcrumb({ href, list, children }: { href: string; list: string; children: ReactNode }) {
  return (
    <nav aria-label="Breadcrumb" className="text-muted-foreground mb-0.5 flex items-center gap-1 text-xs">
      <Link href={href} className="hover:text-foreground underline-offset-2 hover:underline">
        {list}
      </Link>
      <ChevronRightIcon aria-hidden="true" className="size-3" />
      {children}
    </nav>
  );
}
