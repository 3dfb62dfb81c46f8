'use client';

import type { ConnectionTestResult } from '@espejo/contracts';
import { CircleAlertIcon, CircleCheckIcon } from 'lucide-react';
import { asApiError } from '#lib/api/client.ts';
import { formatDuration } from '#lib/format/time.ts';

/** The result of a connection test, with the error code when it failed. */
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
      {result === undefined ? null : <Permissions permissions={result.permissions} />}
    </div>
  );
}

const PERMISSIONS: Record<ConnectionTestResult['permissions'][number]['permission'], string> = {
  read_vector_stores: 'Read vector stores',
  read_files: 'Read files',
  write: 'Write and delete',
};
const STATES = { allowed: 'allowed', refused: 'denied', unknown: 'unknown' } as const;

/** The permissions that the test observed for the key. */
function Permissions({ permissions }: Pick<ConnectionTestResult, 'permissions'>) {
  return (
    <dl
      aria-label="Permissions of the key"
      className="text-muted-foreground mt-2 grid grid-cols-[auto_1fr] gap-x-3 text-xs"
    >
      {permissions.map(({ permission, state, message }) => (
        <div key={permission} className="contents">
          <dt>{PERMISSIONS[permission]}</dt>
          <dd className={state === 'refused' ? 'text-danger' : undefined}>
            {STATES[state]}
            {state === 'unknown' && message !== null ? <span className="block text-pretty">{message}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
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
