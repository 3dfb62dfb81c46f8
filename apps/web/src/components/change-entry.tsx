'use client';

import type { StoreHistoryEntry } from '@espejo/contracts';
import { CopyButton } from '@espejo/ui/blocks/copy-button';
import { cn } from '@espejo/ui/lib/utils';
import { ChevronRightIcon } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { CHANGE_WORDS, summariseChange } from '#lib/format/changes.ts';
import { formatCount } from '#lib/format/count.ts';
import { fieldLabel, formatFieldValue } from '#lib/format/field-value.ts';
import { Time } from './time.tsx';

const TONES: Readonly<Record<string, string>> = {
  success: 'text-success',
  info: 'text-info',
  warning: 'text-warning',
  danger: 'text-danger',
};

interface ChangeEntryProps {
  readonly entry: StoreHistoryEntry;
  readonly subject: ReactNode;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** One change: symbol, action and a one-line summary; when opened, every field before and after. */
export function ChangeEntry({ entry, subject, isOpen, onToggle }: ChangeEntryProps) {
  const detailsId = useId();
  const word = CHANGE_WORDS[entry.action];
  const summary = summariseChange(entry);
  const hasDetails = entry.fields.length > 0 || Object.values(entry.fileIds).some((ids) => ids.length > 0);
  return (
    <div>
      <div className="hover:bg-accent/60 relative grid min-h-10 grid-cols-[1fr_auto_auto] items-center gap-x-3 px-4 py-1.5 md:flex">
        <span
          className={cn('flex w-24 shrink-0 items-center gap-2 font-medium', TONES[word.tone])}
          data-hint={word.detail}
        >
          <span aria-hidden="true" className="w-3 text-center font-mono text-sm">
            {word.symbol}
          </span>
          {word.text}
        </span>
        <span className="min-w-0 shrink truncate max-md:order-1 max-md:col-span-3 max-md:pl-5 md:max-w-[40%]">
          {subject}
        </span>
        <span className="text-muted-foreground min-w-0 flex-1 truncate max-md:order-2 max-md:col-span-3 max-md:pl-5">
          {summary}
        </span>
        <span className="text-muted-foreground ml-auto shrink-0 text-xs">
          <Time at={entry.at} />
        </span>
        {hasDetails ? (
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={detailsId}
            onClick={onToggle}
            className="focus-visible:ring-ring/60 grid size-6 shrink-0 place-items-center rounded-sm outline-none after:absolute after:inset-0 focus-visible:ring-2"
          >
            <ChevronRightIcon
              aria-hidden="true"
              className={cn('text-muted-foreground size-4 transition-transform', isOpen && 'rotate-90')}
            />
            <span className="sr-only">{isOpen ? 'Hide' : 'Show'} differences</span>
          </button>
        ) : (
          <span className="size-6 shrink-0" />
        )}
      </div>
      {isOpen ? (
        <div
          id={detailsId}
          className="bg-muted/40 flex flex-col gap-4 border-t border-dashed px-4 py-3 md:pl-[7.75rem]"
        >
          {entry.fields.length > 0 ? <FieldDiff fields={entry.fields} /> : null}
          <FileIds symbol="+" label="Files added" ids={entry.fileIds.added} total={entry.filesAdded} />
          <FileIds symbol="*" label="Files changed" ids={entry.fileIds.changed} total={entry.filesChanged} />
          <FileIds symbol="−" label="Files missing" ids={entry.fileIds.missing} total={entry.filesMissing} />
          <FileIds symbol="−" label="Files removed" ids={entry.fileIds.removed} total={entry.filesRemoved} />
        </div>
      ) : null}
    </div>
  );
}

function FieldDiff({ fields }: { fields: StoreHistoryEntry['fields'] }) {
  return (
    <table className="w-full max-w-4xl table-fixed text-left">
      <thead className="text-muted-foreground text-xs">
        <tr>
          <th scope="col" className="w-1/5 pb-1 font-medium">
            Field
          </th>
          <th scope="col" className="pb-1 font-medium">
            Before
          </th>
          <th scope="col" className="pb-1 font-medium">
            After
          </th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ field, before, after }) => (
          <tr key={field} className="border-t align-top">
            <th scope="row" className="py-1 pr-3 font-normal break-words">
              {fieldLabel(field)}
            </th>
            <td className="text-danger py-1 pr-3 font-mono text-xs break-words">
              <bdi>{formatFieldValue(field, before)}</bdi>
            </td>
            <td className="text-success py-1 font-mono text-xs break-words">
              <bdi>{formatFieldValue(field, after)}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface FileIdsProps {
  readonly symbol: string;
  readonly label: string;
  readonly ids: readonly string[];
  readonly total: number;
}

function FileIds({ symbol, label, ids, total }: FileIdsProps) {
  if (total === 0) return null;
  const restCount = total - ids.length;
  return (
    <div>
      <p className="text-muted-foreground text-xs font-medium">
        <span aria-hidden="true" className="font-mono">
          {symbol}{' '}
        </span>
        {label}: {formatCount(total)}
      </p>
      <ul className="flex flex-wrap gap-x-4 font-mono text-xs">
        {ids.map((id) => (
          <li key={id} className="flex items-center break-all">
            {id}
            <CopyButton value={id} label={`Copy id ${id}`} />
          </li>
        ))}
        {restCount > 0 ? <li className="text-muted-foreground py-1">and {formatCount(restCount)} more</li> : null}
      </ul>
    </div>
  );
}
