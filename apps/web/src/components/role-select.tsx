'use client';

import { Role } from '@espejo/contracts';
import type { FieldControlProps } from '@espejo/ui/blocks/field';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@espejo/ui/ui/select';
import { ROLE_WORDS } from '#lib/format/roles.ts';

interface RoleSelectProps {
  readonly control: FieldControlProps;
  readonly value: Role;
  readonly onValueChange: (role: Role) => void;
}

/** A form field that selects a role; each option says what the role allows. */
export function RoleSelect({ control, value, onValueChange }: RoleSelectProps) {
  return (
    <Select value={value} onValueChange={(next) => onValueChange(Role.parse(next))}>
      <SelectTrigger
        {...control}
        className="w-full min-w-0 *:data-[slot=select-value]:block *:data-[slot=select-value]:truncate"
      >
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {Role.options.map((role) => (
          <SelectItem key={role} value={role}>
            {ROLE_WORDS[role].name}: {ROLE_WORDS[role].about}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}
