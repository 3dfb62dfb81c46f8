'use client';

import { Banner } from '@espejo/ui/blocks/banner';
import { asApiError } from '#lib/api/client.ts';
import { ErrorReference } from './error-state.tsx';

/** A rejected or failed change: the API's message, code and request id. */
export function MutationError({ error, title }: { error: unknown; title: string }) {
  if (!error) return null;
  const fault = asApiError(error);
  return (
    <Banner tone="danger" title={title} role="alert">
      {fault.message}
      <div className="mt-1 flex">
        <ErrorReference code={fault.code} requestId={fault.requestId} />
      </div>
    </Banner>
  );
}
