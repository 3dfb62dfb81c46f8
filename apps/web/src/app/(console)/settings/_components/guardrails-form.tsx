'use client';

import type { GuardrailSettings } from '@espejo/contracts';
import { Field } from '@espejo/ui/blocks/field';
import { Input } from '@espejo/ui/ui/input';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@espejo/ui/ui/select';
import { Textarea } from '@espejo/ui/ui/textarea';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { usePermission } from '#lib/access/use-permission.ts';
import { guardrailsQuery, updateGuardrails } from '#lib/api/guardrails.ts';
import { type GuardrailDraft, guardrailDraftOf, toGuardrails } from '../guardrail-draft.ts';

const NUMBERS = [
  { name: 'fileMb', field: 'fileBytesMax', label: 'Largest file, in MB', about: 'OpenAI accepts up to 536.870912.' },
  { name: 'filesPerStore', field: 'filesPerStoreMax', label: 'Files per store', about: 'Empty: no limit.' },
  { name: 'stores', field: 'storesMax', label: 'Stores', about: 'Empty: no limit.' },
  {
    name: 'totalMb',
    field: 'totalBytesMax',
    label: 'All files together, in MB',
    about: 'Empty: limited only by the disk.',
  },
] as const;

const CHOICES = [
  {
    name: 'duplicateFilenames',
    label: 'Files with the same name in a store',
    options: [
      ['allow', 'Allowed'],
      ['refuse', 'Rejected'],
    ],
  },
  {
    name: 'duplicateStoreNames',
    label: 'Stores with the same name',
    options: [
      ['allow', 'Allowed'],
      ['refuse', 'Rejected'],
    ],
  },
  {
    name: 'filesOfDeletedStores',
    label: 'Files of a store deleted through /v1',
    options: [
      ['delete', 'Deleted with it, unless shared'],
      ['keep', 'Kept'],
    ],
  },
  {
    name: 'unattachedFiles',
    label: 'Files in no store, offered for clean-up',
    options: [
      ['when_unused', 'Only if no other tool can use them'],
      ['always', 'Also if other tools could not be checked'],
      ['never', 'Never'],
    ],
  },
] as const;

/** The limits and policies of primary stores, each with a description. */
export function GuardrailsForm({ guardrails }: { guardrails: GuardrailSettings }) {
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(() => guardrailDraftOf(guardrails));
  const set = (change: Partial<GuardrailDraft>) => setDraft((before) => ({ ...before, ...change }));
  const checked = toGuardrails(draft);
  const may = usePermission('manage');
  const errorOf = (field: string) => (!checked.ok && checked.field.startsWith(field) ? checked.reason : null);
  const save = useMutation({
    mutationFn: updateGuardrails,
    onSuccess: (after) => {
      queryClient.setQueryData(guardrailsQuery.queryKey, after);
      setDraft(guardrailDraftOf(after));
      toast.success('Settings saved');
    },
  });
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (checked.ok) save.mutate(checked.body);
  }

  return (
    <form onSubmit={onSubmit} className="grid gap-5">
      <fieldset disabled={!may.isAllowed} className="grid gap-5">
        <legend className="sr-only">Guardrails</legend>
        <div className="grid gap-4 sm:grid-cols-2">
          {NUMBERS.map(({ name, field, label, about }) => (
            <Field key={name} label={label} description={about} error={errorOf(field)}>
              {(control) => (
                <Input
                  {...control}
                  inputMode="decimal"
                  value={draft[name]}
                  onChange={(event) => set({ [name]: event.target.value })}
                />
              )}
            </Field>
          ))}
        </div>
        <Field
          label="File types"
          description="One per line, for example application/pdf or text/*. Empty: every supported type."
          error={errorOf('allowedMimeTypes')}
        >
          {(control) => (
            <Textarea
              {...control}
              rows={4}
              spellCheck={false}
              value={draft.types}
              onChange={(event) => set({ types: event.target.value })}
              className="font-mono md:text-xs"
            />
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          {CHOICES.map(({ name, label, options }) => (
            <Field key={name} label={label}>
              {(control) => (
                <Select value={draft[name]} onValueChange={(value) => set({ [name]: value })}>
                  <SelectTrigger {...control} className="w-full">
                    <SelectValue />
                  </SelectTrigger>
                  <SelectContent>
                    {options.map(([value, words]) => (
                      <SelectItem key={value} value={value}>
                        {words}
                      </SelectItem>
                    ))}
                  </SelectContent>
                </Select>
              )}
            </Field>
          ))}
        </div>
      </fieldset>
      <MutationError error={save.error} title="Not saved." />
      <PermissionButton needs="manage" type="submit" className="w-fit" disabled={!checked.ok || save.isPending}>
        {save.isPending ? 'Saving…' : 'Save settings'}
      </PermissionButton>
    </form>
  );
}
