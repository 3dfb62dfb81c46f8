import { CircleAlertIcon, InfoIcon, type LucideIcon, TriangleAlertIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '../../lib/utils.ts';

export type BannerTone = 'info' | 'warning' | 'danger';

const LOOK: Record<BannerTone, { icon: LucideIcon; className: string }> = {
  info: { icon: InfoIcon, className: 'bg-info-soft text-info' },
  warning: { icon: TriangleAlertIcon, className: 'bg-warning-soft text-warning' },
  danger: { icon: CircleAlertIcon, className: 'bg-danger-soft text-danger' },
};

interface BannerProps {
  readonly tone: BannerTone;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
  /** `alert` is announced at once: for results of a user's action. Use `status` for permanent facts. */
  readonly role?: 'alert' | 'status' | 'note';
}

/** A fact about the whole page that users must know first. */
export function Banner({ tone, title, children, actions, className, role = 'status' }: BannerProps) {
  const { icon: Icon, className: look } = LOOK[tone];
  return (
    <div
      role={role}
      className={cn(
        'flex flex-wrap items-start gap-x-3 gap-y-2 rounded-md px-3 py-1.5 md:flex-nowrap',
        look,
        className,
      )}
    >
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1 basis-60">
        <p className="inline pr-2 font-medium">{title}</p>
        {children ? <div className="text-foreground/85 inline text-pretty break-words">{children}</div> : null}
      </div>
      {actions ? <div className="flex shrink-0 gap-2 max-md:w-full max-md:pl-7">{actions}</div> : null}
    </div>
  );
}
