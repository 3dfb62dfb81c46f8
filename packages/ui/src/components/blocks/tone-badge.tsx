import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { cn } from '../../lib/utils.ts';

const toneBadge = cva(
  'inline-flex w-fit shrink-0 items-center gap-1 rounded-sm px-1.5 py-px text-xs leading-[1.125rem] font-medium whitespace-nowrap [&_svg]:size-3 [&_svg]:shrink-0',
  {
    variants: {
      tone: {
        neutral: 'bg-muted text-muted-foreground',
        outline: 'text-foreground ring-border ring-1 ring-inset',
        brand: 'bg-brand-soft text-brand',
        success: 'bg-success-soft text-success',
        warning: 'bg-warning-soft text-warning',
        danger: 'bg-danger-soft text-danger',
        info: 'bg-info-soft text-info',
      },
    },
    defaultVariants: { tone: 'neutral' },
  },
);

export type Tone = NonNullable<VariantProps<typeof toneBadge>['tone']>;

/** A small label whose text carries the meaning; the tone only repeats it. */
export function ToneBadge({ tone, className, ...props }: ComponentProps<'span'> & { tone?: Tone }) {
  return <span className={cn(toneBadge({ tone }), className)} {...props} />;
}
