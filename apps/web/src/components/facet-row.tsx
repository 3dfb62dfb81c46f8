import type { ReactNode } from 'react';

/**
 * Facets and list controls in one row, which scrolls sideways on narrow screens. It is positioned, so that its hidden
 * content (also labels for screen readers) does not widen the page.
 */
export function FacetRow({ children }: { children: ReactNode }) {
  return (
    <div className="relative flex min-w-0 flex-1 items-center gap-2 max-md:-mx-4 max-md:basis-[calc(100%+2rem)] max-md:overflow-x-auto max-md:px-4 max-md:[scrollbar-width:none] md:flex-wrap">
      {children}
    </div>
  );
}
