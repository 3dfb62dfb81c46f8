'use client';

import { PageHeader } from '@espejo/ui/blocks/page-header';
import { useQuery } from '@tanstack/react-query';
import { Restricted } from '#components/access/restricted.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { guardrailsQuery } from '#lib/api/guardrails.ts';
import { Accounts } from './_components/accounts.tsx';
import { ApiKeys } from './_components/api-keys.tsx';
import { GuardrailsForm } from './_components/guardrails-form.tsx';
import { UsageSection } from './_components/usage-section.tsx';

/** The limits, usage and API keys of the tenant. */
export function SettingsClient() {
  const guardrails = useQuery(guardrailsQuery);
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-col gap-6 px-4 py-4">
      <PageHeader title="Settings" description="Limits, usage, accounts and API keys." />
      <UsageSection />
      {guardrails.isPending ? (
        <LoadingRows label="Loading the settings" />
      ) : guardrails.isError ? (
        <ErrorState
          title="The settings could not be loaded"
          error={guardrails.error}
          onRetry={() => void guardrails.refetch()}
        />
      ) : (
        <section aria-labelledby="guardrails" className="grid gap-3">
          <div>
            <h2 id="guardrails" className="font-semibold">
              Guardrails of primary stores
            </h2>
            <p className="text-muted-foreground">Checked before any work starts. Existing stores and files are kept.</p>
          </div>
          <GuardrailsForm guardrails={guardrails.data} />
        </section>
      )}
      <Accounts />
      <Restricted needs="own" title="Only owners can manage API keys">
        <ApiKeys />
      </Restricted>
    </div>
  );
}
