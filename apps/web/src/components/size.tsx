import { formatBytes, formatExactBytes } from '#lib/format/bytes.ts';

/** A size in readable units; the exact bytes on hover. */
export function Size({ bytes }: { bytes: number | null }) {
  return (
    <span data-hint={formatExactBytes(bytes)} className="relative z-10 tabular-nums">
      {formatBytes(bytes)}
    </span>
  );
}
