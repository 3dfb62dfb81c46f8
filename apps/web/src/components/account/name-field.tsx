'use client';

import { LIMITS } from '@espejo/contracts';
import { Field } from '@espejo/ui/blocks/field';
import { Input } from '@espejo/ui/ui/input';

interface NameFieldProps {
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  readonly label?: string;
}

/** The name of a user. */
export function NameField({ value, onValueChange, label = 'Your name' }: NameFieldProps) {
  return (
    <Field label={label}>
      {(control) => (
        <Input
          {...control}
          name="name"
          autoComplete="name"
          required
          maxLength={LIMITS.personNameMax}
          value={value}
          onChange={(event) => onValueChange(event.target.value)}
        />
      )}
    </Field>
  );
}
