'use client';

import { LIMITS, type StoreFile } from '@espejo/contracts';
import { Button } from '@espejo/ui/ui/button';
import { Input } from '@espejo/ui/ui/input';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@espejo/ui/ui/select';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { PlusIcon, XIcon } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { usePermission } from '#lib/access/use-permission.ts';
import { updateFileAttributes } from '#lib/api/primary-stores.ts';
import { type AttributeRow, type AttributeType, attributeRowsOf, toAttributes } from '../attribute-draft.ts';

const TYPES: readonly AttributeType[] = ['text', 'number', 'boolean'];

/** Edits the attributes of a file in a primary store. Search filters compare these. */
export function AttributeEditor({ storeId, file }: { storeId: string; file: StoreFile }) {
  const queryClient = useQueryClient();
  const [rows, setRows] = useState<readonly AttributeRow[]>(() => attributeRowsOf(file.attributes));
  const [isChanged, setIsChanged] = useState(false);
  const draft = toAttributes(rows);
  const may = usePermission('write', storeId);
  const save = useMutation({
    mutationFn: (attributes: Parameters<typeof updateFileAttributes>[2]) =>
      updateFileAttributes(storeId, file.id, attributes),
    onSuccess: () => {
      setIsChanged(false);
      toast.success('Attributes saved');
      void queryClient.invalidateQueries({ queryKey: ['vector-stores'] });
    },
  });

  function put(next: readonly AttributeRow[]): void {
    setRows(next);
    setIsChanged(true);
  }
  const change = (rowId: number, part: Partial<AttributeRow>) =>
    put(rows.map((row) => (row.rowId === rowId ? { ...row, ...part } : row)));

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (draft.ok) save.mutate(draft.attributes);
  }

  return (
    <form onSubmit={onSubmit} className="grid gap-2">
      <fieldset disabled={!may.isAllowed} className="grid gap-1.5">
        <legend className="mb-1.5 flex w-full items-baseline justify-between font-medium">
          Attributes
          <span className="text-muted-foreground text-xs font-normal tabular-nums">
            {rows.length} of {LIMITS.metadataPairsMax}
          </span>
        </legend>
        {rows.map((row, index) => (
          <div key={row.rowId} className="flex items-center gap-1.5">
            <Input
              aria-label={`Key ${index + 1}`}
              placeholder="key"
              maxLength={LIMITS.metadataKeyMax}
              value={row.key}
              onChange={(event) => change(row.rowId, { key: event.target.value })}
              className="h-8 min-w-0 basis-2/5 font-mono md:text-xs"
            />
            <TypeSelect index={index} row={row} onChange={(part) => change(row.rowId, part)} />
            <ValueControl index={index} row={row} onChange={(value) => change(row.rowId, { value })} />
            <Button
              type="button"
              variant="ghost"
              size="icon-sm"
              aria-label={`Remove attribute ${index + 1}`}
              onClick={() => put(rows.filter((one) => one.rowId !== row.rowId))}
            >
              <XIcon />
            </Button>
          </div>
        ))}
      </fieldset>
      {draft.ok || !isChanged ? null : (
        <p role="alert" className="text-danger text-xs font-medium">
          {draft.reason}
        </p>
      )}
      <MutationError error={save.error} title="Not saved." />
      <div className="flex items-center gap-2">
        <PermissionButton
          needs="write"
          storeId={storeId}
          type="button"
          variant="outline"
          size="sm"
          disabled={rows.length >= LIMITS.metadataPairsMax}
          onClick={() =>
            put([
              ...rows,
              { rowId: Math.max(-1, ...rows.map((row) => row.rowId)) + 1, key: '', type: 'text', value: '' },
            ])
          }
        >
          <PlusIcon />
          Add an attribute
        </PermissionButton>
        <PermissionButton
          needs="write"
          storeId={storeId}
          type="submit"
          size="sm"
          disabled={!isChanged || !draft.ok || save.isPending}
        >
          {save.isPending ? 'Saving…' : 'Save attributes'}
        </PermissionButton>
      </div>
    </form>
  );
}

interface PartProps<T> {
  readonly index: number;
  readonly row: AttributeRow;
  readonly onChange: (part: T) => void;
}

function TypeSelect({ index, row, onChange }: PartProps<Partial<AttributeRow>>) {
  return (
    <Select
      value={row.type}
      onValueChange={(next) => {
        const type = TYPES.find((known) => known === next) ?? 'text';
        onChange(type === 'boolean' ? { type, value: row.value === 'true' ? 'true' : 'false' } : { type });
      }}
    >
      <SelectTrigger size="sm" aria-label={`Type ${index + 1}`} className="w-28 shrink-0">
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {TYPES.map((type) => (
          <SelectItem key={type} value={type}>
            {type}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}

function ValueControl({ index, row, onChange }: PartProps<string>) {
  if (row.type === 'boolean') {
    return (
      <Select value={row.value} onValueChange={onChange}>
        <SelectTrigger size="sm" aria-label={`Value ${index + 1}`} className="min-w-0 flex-1">
          <SelectValue />
        </SelectTrigger>
        <SelectContent>
          <SelectItem value="true">true</SelectItem>
          <SelectItem value="false">false</SelectItem>
        </SelectContent>
      </Select>
    );
  }
  return (
    <Input
      aria-label={`Value ${index + 1}`}
      placeholder="value"
      inputMode={row.type === 'number' ? 'decimal' : 'text'}
      maxLength={LIMITS.metadataValueMax}
      value={row.value}
      onChange={(event) => onChange(event.target.value)}
      className="h-8 min-w-0 flex-1 font-mono md:text-xs"
    />
  );
}
