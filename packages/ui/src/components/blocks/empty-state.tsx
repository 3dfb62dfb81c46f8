import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '../../lib/utils.ts';

interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly tone?: 'calm' | 'brand' | 'danger';
  readonly className?: string;
  /** Set when it is the only content of the page. */
  readonly isPageTitle?: boolean;
}

const TONES = {
  calm: 'bg-muted text-muted-foreground',
  brand: 'bg-brand-soft text-brand',
  danger: 'bg-danger-soft text-danger',
} as const;

/** Explains why a list or page is empty and what to do about it. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  actions,
  tone = 'calm',
  className,
  isPageTitle = false,
}: EmptyStateProps) {
  const Heading = isPageTitle ? 'h1' : 'h2';
  return (
    <div
      className={cn(
        'animate-in fade-in-0 mx-auto flex w-full max-w-md flex-col items-center gap-3 px-6 py-16 text-center duration-300',
        className,
      )}
    >
      <div className={cn('grid size-11 place-items-center rounded-xl', TONES[tone])}>
        <Icon aria-hidden="true" className="size-5" />
      </div>
      <Heading className="text-base font-semibold tracking-tight">{title}</Heading>
      {children ? <div className="text-muted-foreground space-y-2 text-pretty">{children}</div> : null}
      {actions ? <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div> : null}
    </div>
  );
}
