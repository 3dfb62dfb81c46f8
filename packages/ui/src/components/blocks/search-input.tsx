'use client';

import { SearchIcon, XIcon } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import { cn } from '../../lib/utils.ts';
import { Input } from '../ui/input.tsx';
import { Kbd } from '../ui/kbd.tsx';

interface SearchInputProps {
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  readonly label: string;
  readonly placeholder: string;
  readonly maxLength: number;
  readonly className?: string;
}

/**
 * The list's search box. `/` focuses it (the page's shortcut finds it by `data-search`); Escape clears it, then removes
 * the focus.
 */
export function SearchInput({ value, onValueChange, label, placeholder, maxLength, className }: SearchInputProps) {
  const input = useRef<HTMLInputElement>(null);

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    if (value === '') event.currentTarget.blur();
    else onValueChange('');
  }

  return (
    <div className={cn('group relative', className)}>
      <SearchIcon
        aria-hidden="true"
        className="text-muted-foreground pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2"
      />
      <Input
        ref={input}
        type="search"
        role="searchbox"
        aria-label={label}
        data-search=""
        placeholder={placeholder}
        maxLength={maxLength}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onValueChange(event.target.value)}
        onKeyDown={onKeyDown}
        className="md:text-ui h-8 pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden"
      />
      {value === '' ? (
        <Kbd className="absolute top-1/2 right-1.5 hidden -translate-y-1/2 group-focus-within:hidden md:inline-flex">
          /
        </Kbd>
      ) : (
        <button
          type="button"
          onClick={() => {
            onValueChange('');
            input.current?.focus();
          }}
          className="text-muted-foreground hover:text-foreground focus-visible:ring-ring/60 absolute top-1/2 right-1.5 grid size-5 -translate-y-1/2 place-items-center rounded-sm outline-none focus-visible:ring-2"
        >
          <XIcon aria-hidden="true" className="size-3.5" />
          <span className="sr-only">Clear search</span>
        </button>
      )}
    </div>
  );
}
