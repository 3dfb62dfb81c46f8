'use client';

import type { Connection } from '@espejo/contracts';
import { Field } from '@espejo/ui/blocks/field';
import { Input } from '@espejo/ui/ui/input';
import { useMutation } from '@tanstack/react-query';
import { PlugIcon } from 'lucide-react';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { testNewConnection, testSavedConnection } from '#lib/api/connections.ts';
import {
  type ConnectionDraft,
  differsFromSaved,
  type FieldErrors,
  hasOtherAddress,
  toTestBody,
} from '../connection-draft.ts';
import { TestOutcome } from './test-outcome.tsx';

interface PlaceFieldsProps {
  readonly connection: Connection | null;
  readonly before: ConnectionDraft;
  readonly draft: ConnectionDraft;
  readonly errors: FieldErrors;
  readonly onChange: (change: Partial<ConnectionDraft>) => void;
}

/** The base URL, key, organization and project of a connection, and the test of these. */
export function PlaceFields({ connection, before, draft, errors, onChange }: PlaceFieldsProps) {
  const isFixed = connection !== null && connection.origin !== 'console';
  const isChanged = differsFromSaved(before, draft);
  const test = useMutation({
    mutationFn: () =>
      connection !== null && !isChanged ? testSavedConnection(connection.id) : testNewConnection(toTestBody(draft)),
  });
  // A saved key cannot be tested against another base URL: the API never returns it.
  const needsKey = draft.apiKey.trim() === '' && (connection === null || isChanged);
  function change(part: Partial<ConnectionDraft>): void {
    test.reset();
    onChange(part);
  }

  return (
    <>
      <Field
        label="Base URL"
        error={errors.baseUrl}
        description="OpenAI’s, or that of any server with a compatible API, including the version path."
      >
        {(control) => (
          <Input
            {...control}
            type="url"
            value={draft.baseUrl}
            disabled={isFixed}
            spellCheck={false}
            className="font-mono md:text-xs"
            onChange={(event) => change({ baseUrl: event.target.value })}
          />
        )}
      </Field>
      {isFixed ? null : (
        <Field
          label="API key"
          error={errors.apiKey}
          description={
            !connection?.hasApiKey
              ? 'Kept encrypted, never shown again. A read-only key is enough for syncing; what it does not allow is refused.'
              : hasOtherAddress(before, draft)
                ? 'The stored key was entered for the old address. Enter the key for the new one.'
                : 'A key is stored. Leave this empty to keep it; it is never shown.'
          }
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="off"
              value={draft.apiKey}
              maxLength={512}
              placeholder={connection?.hasApiKey ? '••••••••' : 'sk-…'}
              className="font-mono"
              onChange={(event) => change({ apiKey: event.target.value })}
            />
          )}
        </Field>
      )}
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label="Organization" isOptional error={errors.organization}>
          {(control) => (
            <Input
              {...control}
              value={draft.organization}
              disabled={isFixed}
              maxLength={256}
              placeholder="org-…"
              className="font-mono md:text-xs"
              onChange={(event) => change({ organization: event.target.value })}
            />
          )}
        </Field>
        <Field label="Project" isOptional error={errors.project}>
          {(control) => (
            <Input
              {...control}
              value={draft.project}
              disabled={isFixed}
              maxLength={256}
              placeholder="proj_…"
              className="font-mono md:text-xs"
              onChange={(event) => change({ project: event.target.value })}
            />
          )}
        </Field>
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <PermissionButton
          needs="manage"
          type="button"
          variant="outline"
          size="sm"
          disabled={test.isPending || needsKey}
          onClick={() => test.mutate()}
        >
          <PlugIcon />
          {test.isPending ? 'Testing…' : 'Test connection'}
        </PermissionButton>
        {needsKey ? <span className="text-muted-foreground text-xs">Enter a key to test</span> : null}
        <TestOutcome result={test.data} error={test.error} />
      </div>
    </>
  );
}
