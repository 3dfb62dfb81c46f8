import { cn } from '../../lib/utils.ts';

interface ProgressBarProps {
  readonly label: string;
  /** 0..1, or null while the end is not known. */
  readonly fraction: number | null;
  /** What a screen reader hears instead of a bare percentage. */
  readonly valueText: string;
  readonly className?: string;
}

/** A thin progress bar that sweeps while the end is not known. */
export function ProgressBar({ label, fraction, valueText, className }: ProgressBarProps) {
  const percent = fraction === null ? null : Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={valueText}
      {...(percent === null ? {} : { 'aria-valuenow': percent })}
      className={cn('bg-brand/15 h-1.5 w-full overflow-hidden rounded-full', className)}
    >
      {percent === null ? (
        <div className="animate-sweep bg-brand h-full w-1/3 rounded-full" />
      ) : (
        <div
          className="bg-brand h-full rounded-full transition-[width] duration-300 ease-out"
          style={{ width: `${percent}%` }}
        />
      )}
    </div>
  );
}
