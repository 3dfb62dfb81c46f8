import type { ReactNode } from 'react';
import { cn } from '../../lib/utils.ts';

interface PageHeaderProps {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly above?: ReactNode;
  readonly className?: string;
}

/** The head of a page: its title, one line of description, and its actions. */
export function PageHeader({ title, description, actions, above, className }: PageHeaderProps) {
  return (
    <header className={cn('flex flex-wrap items-end justify-between gap-x-4 gap-y-2', className)}>
      <div className="min-w-0">
        {above}
        <h1 className="truncate text-lg leading-7 font-semibold tracking-tight">{title}</h1>
        {description ? <div className="text-muted-foreground flex flex-wrap gap-x-1">{description}</div> : null}
      </div>
      {actions ? <div className="flex shrink-0 flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  );
}
