'use client';

import type { AttributeFilter, ComparisonFilter, CompoundFilter } from '@espejo/core';
import { Button } from '@espejo/ui/ui/button';
import { Input } from '@espejo/ui/ui/input';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@espejo/ui/ui/select';
import { FolderPlusIcon, PlusIcon, XIcon } from 'lucide-react';
import { useState } from 'react';
import {
  addCondition,
  addGroup,
  type FilterPath,
  isCompound,
  OPERATORS,
  printValues,
  removeAt,
  replaceAt,
  withOperator,
  withValues,
} from './filter-tree.ts';

interface PartProps<T extends AttributeFilter> {
  readonly root: AttributeFilter;
  readonly part: T;
  readonly path: FilterPath;
  readonly onChange: (filter: AttributeFilter | null) => void;
}

/** One part of a filter: a condition, or a group of parts. */
export function FilterPart({ part, ...rest }: PartProps<AttributeFilter>) {
  return isCompound(part) ? <Group part={part} {...rest} /> : <Condition part={part} {...rest} />;
}

function Group({ root, part, path, onChange }: PartProps<CompoundFilter>) {
  const where = path.length === 0 ? 'the filter' : `group ${path.map((at) => at + 1).join('.')}`;
  return (
    <fieldset className="border-l-reflection grid gap-1.5 border-l-2 pl-2.5">
      <legend className="sr-only">{where}</legend>
      <div className="flex items-center gap-1.5">
        <Select
          value={part.type}
          onValueChange={(type) =>
            onChange(replaceAt(root, path, () => ({ ...part, type: type === 'or' ? 'or' : 'and' })))
          }
        >
          <SelectTrigger size="sm" className="w-44" aria-label={`Operator of ${where}`}>
            <SelectValue />
          </SelectTrigger>
          <SelectContent>
            <SelectItem value="and">all of these (and)</SelectItem>
            <SelectItem value="or">any of these (or)</SelectItem>
          </SelectContent>
        </Select>
        <Button
          type="button"
          variant="ghost"
          size="icon-sm"
          aria-label={`Add a condition to ${where}`}
          onClick={() => onChange(addCondition(root, path))}
        >
          <PlusIcon />
        </Button>
        <Button
          type="button"
          variant="ghost"
          size="icon-sm"
          aria-label={`Add a group to ${where}`}
          onClick={() => onChange(addGroup(root, path))}
        >
          <FolderPlusIcon />
        </Button>
        <Button
          type="button"
          variant="ghost"
          size="icon-sm"
          aria-label={`Remove ${where}`}
          onClick={() => onChange(removeAt(root, path))}
        >
          <XIcon />
        </Button>
      </div>
      {part.filters.map((child, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part of a filter has no id but its position.
        <FilterPart key={at} root={root} part={child} path={[...path, at]} onChange={onChange} />
      ))}
    </fieldset>
  );
}

function Condition({ root, part, path, onChange }: PartProps<ComparisonFilter>) {
  const place = path.length === 0 ? '' : ` ${path.map((at) => at + 1).join('.')}`;
  const put = (next: ComparisonFilter) => onChange(replaceAt(root, path, () => next));
  return (
    <div className="flex items-center gap-1.5">
      <Input
        aria-label={`Key${place}`}
        value={part.key}
        // A condition needs a key: an emptied field is ignored and the previous key stays.
        onChange={(event) => event.target.value !== '' && put({ ...part, key: event.target.value })}
        onFocus={(event) => event.target.select()}
        className="h-8 min-w-0 basis-2/5 font-mono md:text-xs"
      />
      <Select value={part.type} onValueChange={(type) => put(withOperator(part, operatorOf(type)))}>
        <SelectTrigger size="sm" className="w-20 shrink-0" aria-label={`Operator${place}`}>
          <SelectValue />
        </SelectTrigger>
        <SelectContent>
          {OPERATORS.map((operator) => (
            <SelectItem key={operator} value={operator}>
              {operator}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
      <Values part={part} label={`Value${place}`} onChange={put} />
      <Button
        type="button"
        variant="ghost"
        size="icon-sm"
        aria-label={`Remove condition${place}`}
        onClick={() => onChange(removeAt(root, path))}
      >
        <XIcon />
      </Button>
    </div>
  );
}

/** Keeps the text as typed; the parsed value goes into the filter. */
function Values({
  part,
  label,
  onChange,
}: {
  part: ComparisonFilter;
  label: string;
  onChange: (part: ComparisonFilter) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <Input
      aria-label={label}
      value={typed ?? printValues(part.value)}
      placeholder={part.type === 'in' || part.type === 'nin' ? 'one, two, three' : 'value'}
      data-hint='Numbers, true and false are parsed as such; quote "2024" to compare it as text'
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(withValues(part, event.target.value));
      }}
      onBlur={() => setTyped(null)}
      className="h-8 min-w-0 flex-1 font-mono md:text-xs"
    />
  );
}

function operatorOf(text: string): ComparisonFilter['type'] {
  return OPERATORS.find((operator) => operator === text) ?? 'eq';
}
