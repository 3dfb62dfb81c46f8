'use client';

import { type ReactNode, useId } from 'react';

interface SectionProps {
  readonly title: string;
  readonly about: ReactNode;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** A section of a page with a heading, a description and actions. */
export function Section({ title, about, actions, children }: SectionProps) {
  const headingId = useId();
  return (
    <section aria-labelledby={headingId} className="grid gap-3">
      <div className="flex flex-wrap items-end justify-between gap-2">
        <div className="min-w-0 flex-1 basis-72">
          <h2 id={headingId} className="font-semibold">
            {title}
          </h2>
          <p className="text-muted-foreground text-pretty">{about}</p>
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
