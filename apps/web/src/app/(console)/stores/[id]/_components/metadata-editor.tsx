'use client';

import { LIMITS } from '@espejo/contracts';
import { Button } from '@espejo/ui/ui/button';
import { Input } from '@espejo/ui/ui/input';
import { PlusIcon, XIcon } from 'lucide-react';
import type { MetadataPair } from '../edit-draft.ts';

interface MetadataEditorProps {
  readonly pairs: readonly MetadataPair[];
  readonly error: string | null;
  readonly onPairsChange: (pairs: readonly MetadataPair[]) => void;
}

/** Key and value pairs, one row each. */
export function MetadataEditor({ pairs, error, onPairsChange }: MetadataEditorProps) {
  const change = (rowId: number, part: Partial<MetadataPair>) =>
    onPairsChange(pairs.map((pair) => (pair.rowId === rowId ? { ...pair, ...part } : pair)));
  const nextRowId = Math.max(-1, ...pairs.map((pair) => pair.rowId)) + 1;
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 font-medium">Metadata</legend>
      {pairs.map((pair, index) => (
        <div key={pair.rowId} className="flex items-center gap-2">
          <Input
            aria-label={`Key ${index + 1}`}
            placeholder="key"
            maxLength={LIMITS.metadataKeyMax}
            value={pair.key}
            onChange={(event) => change(pair.rowId, { key: event.target.value })}
            className="h-8 basis-2/5 font-mono md:text-xs"
          />
          <Input
            aria-label={`Value ${index + 1}`}
            placeholder="value"
            maxLength={LIMITS.metadataValueMax}
            value={pair.value}
            onChange={(event) => change(pair.rowId, { value: event.target.value })}
            className="h-8 font-mono md:text-xs"
          />
          <Button
            type="button"
            variant="ghost"
            size="icon-sm"
            aria-label={`Remove pair ${index + 1}`}
            onClick={() => onPairsChange(pairs.filter((one) => one.rowId !== pair.rowId))}
          >
            <XIcon />
          </Button>
        </div>
      ))}
      {error === null ? null : <p className="text-danger text-xs font-medium">{error}</p>}
      <div className="flex items-center gap-3">
        <Button
          type="button"
          variant="outline"
          size="sm"
          className="w-fit"
          disabled={pairs.length >= LIMITS.metadataPairsMax}
          onClick={() => onPairsChange([...pairs, { rowId: nextRowId, key: '', value: '' }])}
        >
          <PlusIcon />
          Add pair
        </Button>
        <span className="text-muted-foreground text-xs tabular-nums">
          {pairs.length} of {LIMITS.metadataPairsMax}
        </span>
      </div>
    </fieldset>
  );
}
