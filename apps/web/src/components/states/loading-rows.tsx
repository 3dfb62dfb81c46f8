import { Skeleton } from '@espejo/ui/ui/skeleton';

const ROWS = Array.from({ length: 14 }, (_, index) => index);

/** The loading state of a list, with placeholder rows of the final height. */
export function LoadingRows({ label }: { label: string }) {
  return (
    <div role="status" className="flex-1 overflow-hidden border-t md:border-t-0">
      <span className="sr-only">{label}</span>
      <div aria-hidden="true">
        {ROWS.map((row) => (
          <div
            key={row}
            className="flex h-[4.75rem] items-center gap-4 border-b px-4 md:h-9"
            style={{ opacity: 1 - row / ROWS.length }}
          >
            <Skeleton className="h-3.5 flex-1" style={{ maxWidth: `${14 + ((row * 7) % 11)}rem` }} />
            <Skeleton className="ml-auto h-3.5 w-20" />
            <Skeleton className="h-3.5 w-14 max-md:hidden" />
            <Skeleton className="h-3.5 w-16 max-md:hidden" />
            <Skeleton className="h-3.5 w-24 max-lg:hidden" />
          </div>
        ))}
      </div>
    </div>
  );
}
