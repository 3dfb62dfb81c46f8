'use client';

import type { DebtCategory, Deletion } from '@espejo/contracts';
import { BrushCleaningIcon } from 'lucide-react';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { Name } from '#components/name.tsx';
import { Time } from '#components/time.tsx';
import { formatBytes } from '#lib/format/bytes.ts';
import { formatCount } from '#lib/format/count.ts';
import { useConnectionNames } from '#lib/hooks/use-connection-names.ts';
import { perMonth } from '#lib/labels/deletions.ts';
import type { CleanUp } from '../clean-ups.ts';
import { CleanUpProgress } from './clean-up-progress.tsx';

/** Why a kind of debt offers no clean-up. */
function hintOf({ isComplete, kind, count }: DebtCategory): string {
  if (count === 0) return 'Nothing to clean up';
  if (kind === 'files_in_use') return 'Other tools use these files';
  return isComplete ? 'Not available: see the text above' : 'Possible after the next complete sync';
}

interface DebtCardProps {
  readonly category: DebtCategory;
  /** Clean-ups of this kind that are running. */
  readonly running: readonly CleanUp[];
  readonly onClean: () => void;
  readonly onEnd: (deletion: Deletion) => void;
  readonly onForget: (deletionId: string) => void;
}

/** One kind of debt: count, age, cost, largest items, its clean-up and the progress of that. */
export function DebtCard({ category, running, onClean, onEnd, onForget }: DebtCardProps) {
  const headingId = `debt-${category.kind}`;
  const { byId, areSeveral } = useConnectionNames();
  const obstacle =
    running.length > 0
      ? 'A clean-up of this kind is running'
      : category.cleanup === null
        ? hintOf(category)
        : undefined;
  return (
    <li aria-labelledby={headingId} className="bg-card flex min-w-0 flex-col gap-3 rounded-lg border p-4">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 id={headingId} className="font-semibold tracking-tight">
            {category.title}{' '}
            <span className="text-muted-foreground font-normal tabular-nums">{formatCount(category.count)}</span>
          </h2>
          <p className="text-muted-foreground text-pretty">{category.explanation}</p>
        </div>
        <PermissionButton
          needs="delete"
          size="sm"
          variant="outline"
          aria-disabled={obstacle !== undefined}
          data-hint={obstacle}
          className="aria-disabled:opacity-50"
          onClick={() => {
            if (obstacle === undefined) onClean();
          }}
        >
          <BrushCleaningIcon />
          <span>
            Clean up<span className="sr-only"> {category.title.toLowerCase()}</span>…
          </span>
        </PermissionButton>
      </div>
      {running.map(({ deletionId }) => (
        <CleanUpProgress key={deletionId} deletionId={deletionId} onEnd={onEnd} onForget={() => onForget(deletionId)} />
      ))}
      <p className="text-muted-foreground flex flex-wrap gap-x-4 text-xs tabular-nums">
        <span>{formatBytes(category.bytes)}</span>
        <span>{perMonth(category.usdPerMonth)}</span>
        {category.oldestAt === null ? null : (
          <span>
            oldest <Time at={category.oldestAt} />
          </span>
        )}
      </p>
      <ul className="divide-y border-t" aria-label={`Largest of ${category.title.toLowerCase()}`}>
        {category.items.slice(0, 5).map((item) => (
          <li key={item.id} className="flex items-baseline gap-2 py-1.5">
            <span className="min-w-0 flex-1 truncate">
              {item.name === null ? (
                <i className="text-muted-foreground">{item.id === item.storeId ? 'Unnamed' : 'Unknown name'}</i>
              ) : (
                <Name text={item.name} />
              )}
              {item.storeName !== null && item.storeName !== item.name ? (
                <span className="text-muted-foreground text-xs"> in {item.storeName}</span>
              ) : null}
              {areSeveral && item.connectionId !== null ? (
                <span className="text-muted-foreground text-xs">
                  {' '}
                  · <bdi>{byId.get(item.connectionId)?.name ?? item.connectionId}</bdi>
                </span>
              ) : null}
              {item.note === null ? null : <span className="text-muted-foreground text-xs"> · {item.note}</span>}
            </span>
            <span className="text-muted-foreground shrink-0 text-xs tabular-nums">
              {formatBytes(item.bytes)} · <Time at={item.since} />
            </span>
          </li>
        ))}
      </ul>
    </li>
  );
}
