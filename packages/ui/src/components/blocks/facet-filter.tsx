'use client';

import { ChevronDownIcon, XIcon } from 'lucide-react';
import { cn } from '../../lib/utils.ts';
import { Button } from '../ui/button.tsx';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from '../ui/dropdown-menu.tsx';

export interface FacetOption {
  readonly value: string;
  readonly label: string;
  /** Rows with this value under the other filters; undefined while not known. */
  readonly count?: number | undefined;
}

interface FacetFilterProps {
  readonly label: string;
  readonly options: readonly FacetOption[];
  readonly value: string | null;
  readonly onValueChange: (value: string | null) => void;
}

const ANY = '';
const COUNT = new Intl.NumberFormat('en-US');

/**
 * One facet of a list: a menu of its values with counts; the selected one is shown on the button and can be cleared
 * beside it.
 */
export function FacetFilter({ label, options, value, onValueChange }: FacetFilterProps) {
  const chosen = value === null ? null : (options.find((option) => option.value === value)?.label ?? value);
  return (
    <div className="flex shrink-0">
      <DropdownMenu modal={false}>
        <DropdownMenuTrigger asChild>
          <Button
            variant="outline"
            size="sm"
            className={cn(
              'text-ui font-normal shadow-none',
              chosen !== null && 'border-brand/40 bg-brand-soft dark:bg-brand-soft rounded-r-none border-r-0',
            )}
          >
            <span className="sr-only">Filter</span>
            <span className={cn(chosen !== null && 'text-muted-foreground')}>
              {label}
              {chosen === null ? '' : ':'}
            </span>
            {chosen === null ? (
              <ChevronDownIcon aria-hidden="true" className="size-3.5 opacity-60" />
            ) : (
              <span className="max-w-40 truncate font-medium">{chosen}</span>
            )}
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="start" className="min-w-52">
          <DropdownMenuRadioGroup
            value={value ?? ANY}
            onValueChange={(next) => onValueChange(next === ANY ? null : next)}
          >
            <DropdownMenuRadioItem value={ANY} className="text-ui">
              Any {label.toLowerCase()}
            </DropdownMenuRadioItem>
            {options.map((option) => (
              <DropdownMenuRadioItem key={option.value} value={option.value} className="text-ui">
                <span className="truncate">{option.label}</span>
                {option.count === undefined ? null : (
                  <span className="text-muted-foreground ml-auto pl-4 tabular-nums">{COUNT.format(option.count)}</span>
                )}
              </DropdownMenuRadioItem>
            ))}
          </DropdownMenuRadioGroup>
        </DropdownMenuContent>
      </DropdownMenu>
      {chosen === null ? null : (
        <Button
          variant="outline"
          size="sm"
          aria-label={`Clear filter ${label}`}
          className="border-brand/40 bg-brand-soft dark:bg-brand-soft rounded-l-none border-l-0 px-1.5 shadow-none has-[>svg]:px-1.5"
          onClick={() => onValueChange(null)}
        >
          <XIcon aria-hidden="true" className="size-3.5" />
        </Button>
      )}
    </div>
  );
}
