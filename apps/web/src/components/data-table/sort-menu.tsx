'use client';

import { Button } from '@espejo/ui/ui/button';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from '@espejo/ui/ui/dropdown-menu';
import type { RowData } from '@tanstack/react-table';
import { ArrowDownIcon, ArrowUpIcon } from 'lucide-react';
import type { ListColumns, SortOrder } from './setup.ts';

interface SortMenuProps<T extends RowData> {
  readonly columns: ListColumns<T>;
  readonly sort: { readonly key: string; readonly order: SortOrder };
  readonly onSortChange: (key: string, order: SortOrder) => void;
}

/** Chooses the order of a list that is shown as cards, which have no column headers. */
export function SortMenu<T extends RowData>({ columns, sort, onSortChange }: SortMenuProps<T>) {
  const sortable = columns.flatMap(({ meta }) => (meta?.sortKey === undefined ? [] : [{ ...meta, key: meta.sortKey }]));
  const current = sortable.find((column) => column.key === sort.key);
  const Arrow = sort.order === 'asc' ? ArrowUpIcon : ArrowDownIcon;
  return (
    <div className="flex md:hidden">
      <DropdownMenu modal={false}>
        <DropdownMenuTrigger asChild>
          <Button variant="outline" size="sm" className="text-ui rounded-r-none font-normal shadow-none">
            <span className="sr-only">Sort by </span>
            {current?.label ?? 'Sort'}
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuRadioGroup
            value={sort.key}
            onValueChange={(key) =>
              onSortChange(key, sortable.find((column) => column.key === key)?.firstOrder ?? 'desc')
            }
          >
            {sortable.map((column) => (
              <DropdownMenuRadioItem key={column.key} value={column.key} className="text-ui">
                {column.label}
              </DropdownMenuRadioItem>
            ))}
          </DropdownMenuRadioGroup>
        </DropdownMenuContent>
      </DropdownMenu>
      <Button
        variant="outline"
        size="sm"
        className="rounded-l-none border-l-0 shadow-none"
        aria-label={sort.order === 'asc' ? 'Ascending; change to descending' : 'Descending; change to ascending'}
        onClick={() => onSortChange(sort.key, sort.order === 'asc' ? 'desc' : 'asc')}
      >
        <Arrow aria-hidden="true" className="size-3.5" />
      </Button>
    </div>
  );
}
