'use client';

import type { Source } from '@espejo/contracts';
import { cn } from '@espejo/ui/lib/utils';
import { SandboxBadge, SourceBadge } from '#components/badges.tsx';
import { Name } from '#components/name.tsx';
import { type ConnectionFacts, useConnection } from '#lib/hooks/use-connection-names.ts';
import { SOURCE_LABELS } from '#lib/labels/common.ts';

interface StoreOriginProps {
  readonly source: Source;
  readonly connectionId: string | null;
  /** Shortens the badge, to leave room for the name. */
  readonly isShort?: boolean;
  readonly className?: string;
}

/** Primary, or mirror with the name of its connection. */
export function StoreOrigin({ source, connectionId, isShort = false, className }: StoreOriginProps) {
  const connection = useConnection(connectionId);
  return (
    <span className={cn('flex min-w-0 items-center gap-1.5', className)}>
      <SourceBadge source={source} isShort={isShort} />
      <ConnectionTag connection={connection} />
    </span>
  );
}

/** The name of a mirror's connection. The sandbox always has its badge, whatever its name. */
export function ConnectionTag({ connection }: { connection: ConnectionFacts | undefined }) {
  if (connection === undefined) return null;
  const isSandbox = connection.kind === 'sandbox';
  return (
    <>
      {isSandbox ? <SandboxBadge /> : null}
      {isSandbox && connection.name === SANDBOX_NAME ? null : (
        <bdi className="relative z-10 min-w-0 truncate" data-hint={`Connection: ${connection.name}`}>
          {connection.name}
        </bdi>
      )}
    </>
  );
}

/** The default name of the sandbox, which its badge shows already. */
const SANDBOX_NAME = 'Sandbox';

/** The origin in two short lines, for a row of a picker. */
export function OriginLines({ source, connectionId }: Pick<StoreOriginProps, 'source' | 'connectionId'>) {
  const connection = useConnection(connectionId);
  return (
    <span className="text-muted-foreground max-w-40 min-w-0 shrink-0 text-right text-xs">
      <span className="block">{SOURCE_LABELS[source]}</span>
      {connection === undefined ? null : <Name text={connection.name} className="block" />}
    </span>
  );
}

/** The origin as text, for an option of a select. */
export function originText(source: Source, connection: ConnectionFacts | undefined): string {
  return connection === undefined ? SOURCE_LABELS[source] : `${SOURCE_LABELS[source]} · ${connection.name}`;
}
