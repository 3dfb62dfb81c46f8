'use client';

import type { CreatedApiKey, Role } from '@espejo/contracts';
import { Field } from '@espejo/ui/blocks/field';
import { Button } from '@espejo/ui/ui/button';
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@espejo/ui/ui/dialog';
import { Input } from '@espejo/ui/ui/input';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@espejo/ui/ui/select';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { RoleSelect } from '#components/role-select.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { apiKeysQuery, createApiKey } from '#lib/api/api-keys.ts';
import { FULL_SCOPE, type KeyScope, toBounds } from '../key-scope.ts';
import { KeyScopeFields } from './key-scope-fields.tsx';

const LIVES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: 'never', label: 'Until it is revoked' },
] as const;

/** The name, role, scopes and lifetime of a new key. */
export function NewApiKeyDialog({
  onClose,
  onCreated,
}: {
  onClose: () => void;
  onCreated: (made: CreatedApiKey) => void;
}) {
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [scope, setScope] = useState<KeyScope>(FULL_SCOPE);
  const [life, setLife] = useState<string>('90');
  const bounds = toBounds(role, scope);
  const create = useMutation({
    mutationFn: () =>
      createApiKey({
        name: name.trim(),
        role,
        ...(bounds.ok ? bounds.body : {}),
        expiresInDays: life === 'never' ? null : Number(life),
      }),
    onSuccess: onCreated,
    onSettled: () => queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  });
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (name.trim() !== '' && bounds.ok) create.mutate();
  }
  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent className="max-h-[calc(100dvh-2rem)] overflow-y-auto">
        <form onSubmit={onSubmit} className="grid min-w-0 grid-cols-1 gap-4">
          <DialogHeader>
            <DialogTitle>New API key</DialogTitle>
            <DialogDescription>
              Choose the lowest role that is sufficient. You can create another key with a higher one.
            </DialogDescription>
          </DialogHeader>
          <Field label="Name" description="What the key is for. The audit shows this name.">
            {(control) => (
              <Input
                {...control}
                required
                maxLength={128}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field label="Role">
            {(control) => (
              <RoleSelect
                control={control}
                value={role}
                onValueChange={(next) => {
                  setRole(next);
                  setScope((before) => ({ ...before, actions: null }));
                }}
              />
            )}
          </Field>
          <KeyScopeFields role={role} scope={scope} onScopeChange={setScope} />
          <Field label="Expires after">
            {(control) => (
              <Select value={life} onValueChange={setLife}>
                <SelectTrigger {...control} className="w-full">
                  <SelectValue />
                </SelectTrigger>
                <SelectContent>
                  {LIVES.map(({ value, label }) => (
                    <SelectItem key={value} value={value}>
                      {label}
                    </SelectItem>
                  ))}
                </SelectContent>
              </Select>
            )}
          </Field>
          <MutationError error={create.error} title="Not created." />
          <DialogFooter>
            <Button type="button" variant="outline" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={name.trim() === '' || !bounds.ok || create.isPending}>
              {create.isPending ? 'Creating…' : 'Create key'}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
