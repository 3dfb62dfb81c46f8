'use client';

import { Button } from '@espejo/ui/ui/button';
import {
  DropdownMenu,
  DropdownMenuCheckboxItem,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@espejo/ui/ui/dropdown-menu';
import type { RowData } from '@tanstack/react-table';
import { Columns3Icon } from 'lucide-react';
import type { ListColumns } from './setup.ts';
import type { ColumnChoice } from './use-columns.ts';

/** Chooses the columns of a table; without a choice the table shows those that fit, and only those are ticked. */
export function ColumnChooser<T extends RowData>({
  columns,
  choice,
}: {
  columns: ListColumns<T>;
  choice: ColumnChoice;
}) {
  return (
    <DropdownMenu modal={false}>
      <DropdownMenuTrigger asChild>
        <Button variant="outline" size="sm" className="text-ui font-normal shadow-none max-md:hidden">
          <Columns3Icon aria-hidden="true" className="size-3.5 opacity-70" />
          Columns
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="min-w-48">
        <DropdownMenuLabel className="text-muted-foreground text-xs">Shown columns</DropdownMenuLabel>
        {columns
          .filter((column) => column.meta?.priority !== Number.POSITIVE_INFINITY)
          .map((column) => (
            <DropdownMenuCheckboxItem
              key={column.id}
              className="text-ui"
              checked={choice.shown.has(column.id ?? '')}
              onCheckedChange={(isShown) => choice.setShown(column.id ?? '', isShown === true)}
              onSelect={(event) => event.preventDefault()}
            >
              {column.meta?.label}
            </DropdownMenuCheckboxItem>
          ))}
        <DropdownMenuSeparator />
        <DropdownMenuItem className="text-ui" disabled={choice.chosen === null} onSelect={choice.reset}>
          Show columns that fit
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
