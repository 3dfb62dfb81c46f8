'use client';

import { PageHeader } from '@espejo/ui/blocks/page-header';
import { useQuery } from '@tanstack/react-query';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { guardrailsQuery } from '#lib/api/guardrails.ts';
import { GuardrailsForm } from './_components/guardrails-form.tsx';

/** What this installation allows. */
export function SettingsClient() {
  const guardrails = useQuery(guardrailsQuery);
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-col gap-4 px-4 py-4">
      <PageHeader
        title="Settings"
        description="Guardrails of primary stores. They are checked before any work; what is there already stays."
      />
      {guardrails.isPending ? (
        <LoadingRows label="Reading the settings" />
      ) : guardrails.isError ? (
        <ErrorState
          title="The settings could not be read"
          error={guardrails.error}
          onRetry={() => void guardrails.refetch()}
        />
      ) : (
        <GuardrailsForm guardrails={guardrails.data} />
      )}
    </div>
  );
}
