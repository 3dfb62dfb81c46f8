import { cn } from '../../lib/utils.ts';

interface ProgressBarProps {
  readonly label: string;
  /** 0..1, or null while the end is not known. */
  readonly fraction: number | null;
  /** The text for screen readers, instead of a bare percentage. */
  readonly valueText: string;
  /** Repeats the meaning of the text beside it. */
  readonly tone?: 'brand' | 'warning' | 'danger';
  readonly className?: string;
}

const TONES = {
  brand: { track: 'bg-brand/15', bar: 'bg-brand' },
  warning: { track: 'bg-warning/15', bar: 'bg-warning' },
  danger: { track: 'bg-danger/15', bar: 'bg-danger' },
} as const;

/** A thin progress bar, animated while the end is not known. */
export function ProgressBar({ label, fraction, valueText, tone = 'brand', className }: ProgressBarProps) {
  const { track, bar } = TONES[tone];
  const percent = fraction === null ? null : Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={valueText}
      {...(percent === null ? {} : { 'aria-valuenow': percent })}
      className={cn('h-1.5 w-full overflow-hidden rounded-full', track, className)}
    >
      {percent === null ? (
        <div className={cn('animate-sweep h-full w-1/3 rounded-full', bar)} />
      ) : (
        <div
          className={cn('h-full rounded-full transition-[width] duration-300 ease-out', bar)}
          style={{ width: `${percent}%` }}
        />
      )}
    </div>
  );
}
