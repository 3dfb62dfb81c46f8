'use client';

import { Field } from '@espejo/ui/blocks/field';
import { Input } from '@espejo/ui/ui/input';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@espejo/ui/ui/select';
import { EXPIRY_KINDS, type ExpiryDraft } from '../expiry-draft.ts';

interface ExpiryFieldsProps {
  readonly draft: ExpiryDraft;
  readonly onChange: (change: Partial<ExpiryDraft>) => void;
}

/** The kind of expiry policy of a primary store, and the fields of that kind. */
export function ExpiryFields({ draft, onChange }: ExpiryFieldsProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="Expires">
        {(control) => (
          <Select
            value={draft.kind}
            onValueChange={(kind) =>
              onChange({ kind: EXPIRY_KINDS.find((one) => one.value === kind)?.value ?? 'never' })
            }
          >
            <SelectTrigger {...control} className="w-full">
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              {EXPIRY_KINDS.map(({ value, label }) => (
                <SelectItem key={value} value={value} className="text-ui">
                  {label}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
        )}
      </Field>
      <PolicyFields draft={draft} onChange={onChange} />
    </div>
  );
}

function PolicyFields({ draft, onChange }: ExpiryFieldsProps) {
  if (draft.kind === 'never') return null;
  if (draft.kind === 'at') {
    return (
      <Field label="Date and time (UTC)">
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            required
            value={draft.at}
            onChange={(event) => onChange({ at: event.target.value })}
          />
        )}
      </Field>
    );
  }
  const isHours = draft.kind === 'after_creation';
  return (
    <Field label={isHours ? 'Hours' : 'Days'}>
      {(control) => (
        <Input
          {...control}
          type="number"
          min={1}
          required
          value={isHours ? draft.hours : draft.days}
          onChange={(event) => onChange(isHours ? { hours: event.target.value } : { days: event.target.value })}
        />
      )}
    </Field>
  );
}
