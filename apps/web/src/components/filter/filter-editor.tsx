'use client';

import { Field } from '@espejo/ui/blocks/field';
import { Button } from '@espejo/ui/ui/button';
import { Textarea } from '@espejo/ui/ui/textarea';
import { BracesIcon, FolderPlusIcon, PlusIcon } from 'lucide-react';
import { useState } from 'react';
import { FilterPart } from './filter-part.tsx';
import { addCondition, addGroup, printFilter, readFilterText } from './filter-tree.ts';

interface FilterEditorProps {
  readonly text: string;
  readonly fault: string | null;
  readonly onTextChange: (text: string) => void;
}

/** A filter over attributes, as a form or as JSON: two views of the same text. */
export function FilterEditor({ text, fault, onTextChange }: FilterEditorProps) {
  const read = readFilterText(text);
  const [isTyped, setIsTyped] = useState(!read.ok);
  return (
    <div className="grid min-w-0 content-start gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <span className="mr-auto font-medium">Filter</span>
        {isTyped || !read.ok ? null : (
          <>
            <Button
              type="button"
              variant="outline"
              size="sm"
              onClick={() => onTextChange(printFilter(addCondition(read.filter, [])))}
            >
              <PlusIcon />
              Condition
            </Button>
            <Button
              type="button"
              variant="outline"
              size="sm"
              onClick={() => onTextChange(printFilter(addGroup(read.filter, [])))}
            >
              <FolderPlusIcon />
              Group
            </Button>
          </>
        )}
        <Button
          type="button"
          variant="ghost"
          size="sm"
          aria-pressed={isTyped}
          disabled={isTyped && !read.ok}
          onClick={() => setIsTyped((now) => !now)}
        >
          <BracesIcon />
          {isTyped ? 'Edit as form' : 'Edit as JSON'}
        </Button>
      </div>
      {isTyped || !read.ok ? (
        <Field label="Filter as JSON" error={read.ok ? fault : read.reason}>
          {(control) => (
            <Textarea
              {...control}
              value={text}
              rows={8}
              spellCheck={false}
              maxLength={8_192}
              placeholder='{"type": "eq", "key": "topic", "value": "billing"}'
              onChange={(event) => onTextChange(event.target.value)}
              className="font-mono md:text-xs"
            />
          )}
        </Field>
      ) : read.filter === null ? (
        <p className="text-muted-foreground">No filter: the search covers every file of the store.</p>
      ) : (
        <>
          <FilterPart
            root={read.filter}
            part={read.filter}
            path={[]}
            onChange={(filter) => onTextChange(printFilter(filter))}
          />
          {fault === null ? null : <p className="text-danger text-xs font-medium">{fault}</p>}
        </>
      )}
    </div>
  );
}
