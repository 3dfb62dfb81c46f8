'use client';

import { CopyButton } from '@espejo/ui/blocks/copy-button';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { Button } from '@espejo/ui/ui/button';
import { CloudOffIcon, OctagonXIcon, RotateCcwIcon } from 'lucide-react';
import { asApiError } from '#lib/api/client.ts';

interface ErrorStateProps {
  readonly title: string;
  readonly error: unknown;
  readonly onRetry: () => void;
  /** Set when the whole page could not be loaded. */
  readonly isPageTitle?: boolean;
}

/** A page or list that could not be loaded: the API's message, the code and request id, and a retry button. */
export function ErrorState({ title, error, onRetry, isPageTitle = false }: ErrorStateProps) {
  const fault = asApiError(error);
  const isUnreachable = fault.code === 'network' || fault.code === 'api_unreachable';
  return (
    <div role="alert">
      <EmptyState
        icon={isUnreachable ? CloudOffIcon : OctagonXIcon}
        tone="danger"
        title={title}
        isPageTitle={isPageTitle}
        actions={
          <Button variant="outline" size="sm" onClick={onRetry}>
            <RotateCcwIcon />
            Try again
          </Button>
        }
      >
        <p>{fault.message}</p>
        <ErrorReference code={fault.code} requestId={fault.requestId} />
      </EmptyState>
    </div>
  );
}

/** The stable code and the request id, for a report. */
export function ErrorReference({ code, requestId }: { code: string; requestId: string | null }) {
  return (
    <p className="flex flex-wrap items-center justify-center gap-x-2 font-mono text-xs">
      <span>{code}</span>
      {requestId === null ? null : (
        <span className="inline-flex items-center gap-0.5 break-all">
          {requestId}
          <CopyButton value={requestId} label="Copy request id" />
        </span>
      )}
    </p>
  );
}
