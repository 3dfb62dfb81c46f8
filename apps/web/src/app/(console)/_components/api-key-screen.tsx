'use client';

import { Banner } from '@espejo/ui/blocks/banner';
import { Field } from '@espejo/ui/blocks/field';
import { Mark } from '@espejo/ui/blocks/mark';
import { ThemeSwitch } from '@espejo/ui/blocks/theme';
import { Button } from '@espejo/ui/ui/button';
import { Input } from '@espejo/ui/ui/input';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { asApiError } from '#lib/api/client.ts';
import { openSession } from '#lib/api/session.ts';

/** Shown in place of the console when the API does not know who asks. */
export function ApiKeyScreen() {
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
    <main id="main" className="bg-sidebar grid min-h-dvh place-items-center p-4">
      <form
        onSubmit={onSubmit}
        className="bg-card animate-in fade-in-0 slide-in-from-bottom-2 flex w-full max-w-sm flex-col gap-5 rounded-xl border p-6 shadow-sm duration-300"
      >
        <div className="flex flex-col gap-3">
          <Mark className="size-9" />
          <div>
            <h1 className="text-lg font-semibold tracking-tight">Enter API key</h1>
            <p className="text-muted-foreground text-pretty">
              This Espejo asks for its own key: the value of <code className="font-mono text-xs">ESPEJO_API_KEY</code>,
              not a key of OpenAI.
            </p>
          </div>
        </div>
        <Field
          label="API key"
          error={error?.status === 401 ? error.message : null}
          description="Kept in a cookie of this site that scripts cannot read."
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              name="apiKey"
              autoComplete="current-password"
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
        <div className="flex items-center justify-between">
          <ThemeSwitch />
          <Button type="submit" disabled={open.isPending || apiKey.trim() === ''}>
            {open.isPending ? 'Checking…' : 'Open the console'}
          </Button>
        </div>
      </form>
    </main>
  );
}
