'use client';

import { Field } from '@espejo/ui/blocks/field';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@espejo/ui/ui/select';
import { useQuery } from '@tanstack/react-query';
import { originText } from '#components/store-origin.tsx';
import { storeChoicesQuery } from '#lib/api/primary-stores.ts';
import { useConnectionNames } from '#lib/hooks/use-connection-names.ts';

interface StorePairProps {
  readonly left: string | null;
  readonly right: string | null;
  readonly onChange: (pair: { left: string | null; right: string | null }) => void;
}

/** The two stores that are compared. */
export function StorePair({ left, right, onChange }: StorePairProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <StoreSelect label="First store" value={left} other={right} onChange={(id) => onChange({ left: id, right })} />
      <StoreSelect label="Second store" value={right} other={left} onChange={(id) => onChange({ left, right: id })} />
    </div>
  );
}

interface StoreSelectProps {
  readonly label: string;
  readonly value: string | null;
  readonly other: string | null;
  readonly onChange: (id: string) => void;
}

function StoreSelect({ label, value, other, onChange }: StoreSelectProps) {
  const choices = useQuery(storeChoicesQuery);
  const connections = useConnectionNames();
  const stores = (choices.data?.data ?? []).filter((store) => store.id !== other);
  const isListed = value === null || stores.some((store) => store.id === value);
  return (
    <Field label={label}>
      {(control) => (
        <Select value={value ?? ''} onValueChange={onChange}>
          <SelectTrigger className="w-full" {...control}>
            <SelectValue placeholder="Choose a store" />
          </SelectTrigger>
          <SelectContent>
            {isListed ? null : <SelectItem value={value ?? ''}>{value}</SelectItem>}
            {stores.map((store) => (
              <SelectItem key={store.id} value={store.id}>
                {store.name ?? store.id} · {originText(store.source, connections.byId.get(store.connectionId ?? ''))}
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
      )}
    </Field>
  );
}
