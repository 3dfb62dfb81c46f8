'use client';

import { LIMITS } from '@espejo/contracts';
import { Field } from '@espejo/ui/blocks/field';
import { Input } from '@espejo/ui/ui/input';

interface EmailFieldProps {
  readonly label?: string;
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  /** The address is given and cannot be changed here. */
  readonly isFixed?: boolean;
  /** `off`: the address is of another user. */
  readonly autoComplete?: 'username' | 'off';
}

/** The e-mail address of an account. */
export function EmailField({
  label = 'E-mail',
  value,
  onValueChange,
  isFixed = false,
  autoComplete = 'username',
}: EmailFieldProps) {
  return (
    <Field label={label}>
      {(control) => (
        <Input
          {...control}
          type="email"
          name="email"
          autoComplete={autoComplete}
          autoCapitalize="none"
          spellCheck={false}
          required
          readOnly={isFixed}
          tabIndex={isFixed ? -1 : undefined}
          maxLength={LIMITS.emailMax}
          value={value}
          onChange={(event) => onValueChange(event.target.value)}
          className="read-only:bg-muted read-only:text-muted-foreground"
        />
      )}
    </Field>
  );
}
