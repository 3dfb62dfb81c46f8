import { cn } from '../../lib/utils.ts';

/** Espejo's logo: an E and its reflection. Decorative, because the name is beside it. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={cn('size-6 shrink-0', className)}>
      <path className="fill-brand" d="M2.5 3h8.25v3.4H6.1v3.9h3.65v3.4H6.1v3.9h4.65V21H2.5z" />
      <path className="fill-reflection" d="M21.5 3h-8.25v3.4h4.65v3.9h-3.65v3.4h3.65v3.9h-4.65V21h8.25z" />
    </svg>
  );
}
