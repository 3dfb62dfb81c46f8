import { ChevronRightIcon } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';

/** A link to the list that a page belongs to, and the kind of the entry. */
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
