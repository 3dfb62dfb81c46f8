'use client';

import { Banner } from '@espejo/ui/blocks/banner';
import { Field } from '@espejo/ui/blocks/field';
import { Button } from '@espejo/ui/ui/button';
import { Input } from '@espejo/ui/ui/input';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { asApiError } from '#lib/api/client.ts';
import { openSession } from '#lib/api/console-key.ts';
import { EntryCard } from './entry-card.tsx';

/** Shown instead of the console when the API requires a key, or when the user chose to use one. */
export function ApiKeyScreen({ onBack }: { onBack?: () => void }) {
  const queryClient = useQueryClient();
  const [apiKey, setApiKey] = useState('');
  const open = useMutation({
    mutationFn: openSession,
    onSuccess: () => queryClient.resetQueries(),
  });
  const error = open.isError ? asApiError(open.error) : null;

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    open.mutate(apiKey.trim());
  }

  return (
    <EntryCard
      title="Enter API key"
      about={
        <>
          An API key of this Espejo, not of OpenAI: the value of{' '}
          <code className="font-mono text-xs">ESPEJO_API_KEY</code>, or one that was created in its settings.
        </>
      }
      footer={
        onBack === undefined ? undefined : (
          <Button type="button" variant="link" onClick={onBack} className="text-ui text-muted-foreground h-8">
            Back to sign-in
          </Button>
        )
      }
    >
      <form onSubmit={onSubmit} className="grid gap-4">
        <Field
          label="API key"
          error={error?.status === 401 ? error.message : null}
          description="Stored in a cookie of this site that scripts cannot read."
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              name="apiKey"
              autoComplete="off"
              required
              value={apiKey}
              onChange={(event) => setApiKey(event.target.value)}
              className="font-mono"
            />
          )}
        </Field>
        {error !== null && error.status !== 401 ? (
          <Banner tone="danger" title={error.message} role="alert">
            <code className="font-mono text-xs">{error.code}</code>
          </Banner>
        ) : null}
        <Button type="submit" disabled={open.isPending || apiKey.trim() === ''}>
          {open.isPending ? 'Checking…' : 'Open the console'}
        </Button>
      </form>
    </EntryCard>
  );
}
