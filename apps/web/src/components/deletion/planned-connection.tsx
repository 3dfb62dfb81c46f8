'use client';

import type { DeletionPlan } from '@espejo/contracts';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { useId } from 'react';
import { SourceBadge } from '#components/badges.tsx';
import { FileName } from '#components/file-name.tsx';
import { Name } from '#components/name.tsx';
import { StoreName, shortId } from '#components/store-name.tsx';
import { ConnectionTag } from '#components/store-origin.tsx';
import { Time } from '#components/time.tsx';
import { formatBytes } from '#lib/format/bytes.ts';
import { formatCount, plural } from '#lib/format/count.ts';
import { useConnection } from '#lib/hooks/use-connection-names.ts';
import { KEPT_WORDS, planScope } from '#lib/labels/deletions.ts';
import { PlanNames } from './plan-names.tsx';

interface PlannedConnectionViewProps {
  readonly plan: DeletionPlan;
  readonly group: DeletionPlan['connections'][number];
}

/** The effects of a plan in one connection, with the names of stores and files, largest first. */
export function PlannedConnectionView({ plan, group }: PlannedConnectionViewProps) {
  const headingId = useId();
  const { connectionId, counts } = group;
  const isOfGroup = (row: { readonly connectionId: string | null }) => row.connectionId === connectionId;
  return (
    <section aria-labelledby={headingId} className="grid min-w-0 gap-2">
      <div className="flex min-w-0 flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 id={headingId} className="flex min-w-0 items-center gap-1.5 font-medium">
          <GroupName group={group} />
        </h3>
        <p className="text-muted-foreground text-xs tabular-nums">{groupWords(group)}</p>
      </div>
      <PlanNames title="Stores" count={counts.stores}>
        {plan.stores.filter(isOfGroup).map((store) => (
          <li key={store.id} className="flex items-baseline gap-2">
            <span className="min-w-0 truncate">
              <StoreName name={store.name} />
            </span>
            <span className="text-muted-foreground font-mono text-xs">{shortId(store.id)}</span>
            <span className="text-muted-foreground ml-auto shrink-0 text-xs tabular-nums">
              {formatCount(store.fileCount)} files · {formatBytes(store.usageBytes)}
            </span>
          </li>
        ))}
      </PlanNames>
      <PlanNames title="Files deleted" count={counts.filesToDelete} isOpen={plan.counts.stores === 0}>
        {plan.filesToDelete.filter(isOfGroup).map((file) => (
          <li key={file.id} className="flex items-baseline gap-2">
            <span className="min-w-0 truncate">
              <FileName name={file.filename} />
            </span>
            <span className="text-muted-foreground ml-auto shrink-0 text-xs tabular-nums">
              {formatBytes(file.bytes)}
              {file.createdAt === null ? null : (
                <>
                  {' '}
                  · uploaded <Time at={file.createdAt} />
                </>
              )}
            </span>
          </li>
        ))}
      </PlanNames>
      <PlanNames title="Files kept" count={counts.filesKept} isOpen={plan.counts.filesKept <= 5}>
        {plan.filesKept.filter(isOfGroup).map((file) => (
          <li key={file.id} className="flex flex-wrap items-baseline gap-x-2">
            <span className="min-w-0 truncate">
              <Name text={file.filename ?? file.id} />
            </span>
            <ToneBadge tone="outline">{KEPT_WORDS[file.reason]}</ToneBadge>
            {file.reason === 'used_by_tool' ? (
              <span className="text-muted-foreground text-xs">{file.message}</span>
            ) : null}
            {file.sharedWith.length === 0 ? null : (
              <span className="text-muted-foreground text-xs">
                used by {file.sharedWith.map((store) => store.name ?? shortId(store.id)).join(', ')}
              </span>
            )}
          </li>
        ))}
      </PlanNames>
    </section>
  );
}

/** The name comes from the plan, so it shows even while the connections are loading. */
function GroupName({ group: { connectionId, name } }: Pick<PlannedConnectionViewProps, 'group'>) {
  const kind = useConnection(connectionId)?.kind ?? 'openai';
  if (connectionId === null) return <SourceBadge source="primary" />;
  return (
    <>
      <SourceBadge source="cache" />
      <ConnectionTag connection={{ name: name ?? connectionId, kind }} />
    </>
  );
}

/** "1 vector store and 3 files · 20.8 MB freed". */
function groupWords({ counts, fileBytes }: Pick<PlannedConnectionViewProps, 'group'>['group']): string {
  const scope = planScope(counts);
  if (scope === 'nothing') return `${plural(counts.filesKept, 'file')} kept`;
  return counts.filesToDelete > 0 ? `${scope} · ${formatBytes(fileBytes)} freed` : scope;
}
