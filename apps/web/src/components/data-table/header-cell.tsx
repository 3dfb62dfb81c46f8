'use client';

import { cn } from '@espejo/ui/lib/utils';
import { ArrowDownIcon, ArrowUpIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ColumnMeta, SortOrder } from './setup.ts';

interface HeaderCellProps {
  /** The id of the column. */
  readonly id: string;
  readonly meta: ColumnMeta | undefined;
  readonly sort: { readonly key: string; readonly order: SortOrder } | undefined;
  readonly onSortChange: ((key: string, order: SortOrder) => void) | undefined;
  readonly children: ReactNode;
}

/** A column header; a button when the API can sort by it. The first click sorts in `firstOrder`, the next reverses it. */
export function HeaderCell({ id, meta, sort, onSortChange, children }: HeaderCellProps) {
  const sortKey = onSortChange === undefined ? undefined : meta?.sortKey;
  const order = sortKey !== undefined && sort?.key === sortKey ? sort.order : null;
  const isEnd = meta?.align === 'end';
  const className = cn(
    'bg-background text-muted-foreground sticky top-0 z-20 h-8 border-b px-2 text-left text-xs font-medium whitespace-nowrap first:pl-4 last:pr-4',
    isEnd && 'text-right',
  );
  if (sortKey === undefined) {
    return (
      <th scope="col" data-column={id} className={className}>
        {children}
      </th>
    );
  }
  const Arrow = order === 'asc' ? ArrowUpIcon : ArrowDownIcon;
  const next = order === null ? (meta?.firstOrder ?? 'desc') : order === 'asc' ? 'desc' : 'asc';
  return (
    <th
      scope="col"
      data-column={id}
      className={className}
      {...(order === null ? {} : { 'aria-sort': order === 'asc' ? 'ascending' : 'descending' })}
    >
      <button
        type="button"
        onClick={() => onSortChange?.(sortKey, next)}
        className={cn(
          'group hover:text-foreground focus-visible:ring-ring/60 -mx-1 inline-flex h-6 max-w-full items-center gap-1 rounded-sm px-1 outline-none focus-visible:ring-2',
          isEnd && 'flex-row-reverse',
          order !== null && 'text-foreground',
        )}
      >
        <span className="truncate">{children}</span>
        <Arrow
          aria-hidden="true"
          className={cn(
            'size-3 shrink-0',
            order === null && 'opacity-0 group-hover:opacity-50 group-focus-visible:opacity-50',
          )}
        />
      </button>
    </th>
  );
}
