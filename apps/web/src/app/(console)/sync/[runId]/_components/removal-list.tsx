import type { SyncPlan } from '@espejo/contracts';
import Link from 'next/link';
import { StoreName, shortId } from '#components/store-name.tsx';
import { formatCount, plural } from '#lib/format/count.ts';

interface RemovalListProps {
  readonly noun: string;
  readonly count: number;
  readonly items: SyncPlan['stores']['removals'];
  /** The path prefix of an item's page, if it has one. */
  readonly linkTo?: string;
}

/** The planned removals of one kind: the first ones by name, and the number of others. */
export function RemovalList({ noun, count, items, linkTo }: RemovalListProps) {
  if (count === 0) return null;
  return (
    <details className="bg-background rounded-md border" open={items.length > 0 && items.length <= 8}>
      <summary className="focus-visible:ring-ring/60 cursor-pointer rounded-md px-3 py-2 font-medium outline-none focus-visible:ring-2">
        <span aria-hidden="true" className="text-danger font-mono">
          −{' '}
        </span>
        {plural(count, noun)} would be removed
      </summary>
      {items.length === 0 ? (
        <p className="text-muted-foreground px-3 pb-2 text-xs">Removed with their stores.</p>
      ) : (
        <ul className="max-h-56 overflow-y-auto px-3 pb-2">
          {items.map((item) => (
            <li key={item.id} className="flex items-baseline gap-2 py-0.5">
              {linkTo === undefined ? (
                <StoreName name={item.name ?? item.id} />
              ) : (
                <Link
                  href={`${linkTo}${encodeURIComponent(item.id)}`}
                  className="min-w-0 truncate underline-offset-2 hover:underline"
                >
                  <StoreName name={item.name} />
                </Link>
              )}
              <span className="text-muted-foreground ml-auto shrink-0 font-mono text-xs" data-hint={item.id}>
                {shortId(item.id)}
              </span>
            </li>
          ))}
          {count > items.length ? (
            <li className="text-muted-foreground py-0.5 text-xs">and {formatCount(count - items.length)} more</li>
          ) : null}
        </ul>
      )}
    </details>
  );
}
