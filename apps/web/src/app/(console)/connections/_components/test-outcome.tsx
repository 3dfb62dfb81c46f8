'use client';

import type { ConnectionTestResult } from '@espejo/contracts';
import { CircleAlertIcon, CircleCheckIcon } from 'lucide-react';
import { asApiError } from '#lib/api/client.ts';
import { formatDuration } from '#lib/format/time.ts';

/** How a connection test went: an answer either way, with the code when it is a refusal. */
export function TestOutcome({ result, error }: { result: ConnectionTestResult | undefined; error: unknown }) {
  const fault = error ? asApiError(error) : null;
  return (
    <div role="status" className="min-w-0">
      {fault !== null ? (
        <Outcome isOk={false} text={fault.message} code={fault.code} />
      ) : result === undefined ? null : result.ok ? (
        <Outcome
          isOk
          text={`${result.message} ${[result.organization, result.project].filter(Boolean).join(' / ')}`.trim()}
          code={formatDuration(result.latencyMs)}
        />
      ) : (
        <Outcome isOk={false} text={result.message} code={result.code} />
      )}
    </div>
  );
}

function Outcome({ isOk, text, code }: { isOk: boolean; text: string; code: string | null }) {
  const Icon = isOk ? CircleCheckIcon : CircleAlertIcon;
  return (
    <p className={isOk ? 'text-success flex gap-1.5' : 'text-danger flex gap-1.5'}>
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 text-pretty">
        {text} {code === null ? null : <code className="font-mono text-xs opacity-80">{code}</code>}
      </span>
    </p>
  );
}
