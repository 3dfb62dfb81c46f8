'use client';

import type { DeletionPlan } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { Stat } from '@espejo/ui/blocks/facts';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { agentHref } from '#components/agents/agent-links.tsx';
import { StoreName, shortId } from '#components/store-name.tsx';
import { Time } from '#components/time.tsx';
import { formatBytes } from '#lib/format/bytes.ts';
import { formatCount, plural } from '#lib/format/count.ts';
import { MODE_LABELS } from '#lib/labels/agents.ts';
import { KEPT_WORDS, perMonth } from '#lib/labels/deletions.ts';

/** The effects of a plan: counts, consequences, then every name. */
export function PlanImpact({ plan }: { plan: DeletionPlan }) {
  const { counts } = plan;
  return (
    <div className="grid min-w-0 gap-4">
      <dl className="bg-muted/50 grid grid-cols-2 gap-x-6 gap-y-2 rounded-md px-3 py-2.5 sm:flex sm:flex-wrap sm:gap-x-8">
        <Stat label="Stores">{formatCount(counts.stores)}</Stat>
        <Stat label="Files deleted">{formatCount(counts.filesToDelete)}</Stat>
        <Stat label="Files kept">{formatCount(counts.filesKept)}</Stat>
        <Stat label="Indexed size">{formatBytes(plan.usageBytes)}</Stat>
        <Stat label="Saves" hint="An estimate from the storage rates in the settings">
          {perMonth(plan.savings.perMonth)}
        </Stat>
      </dl>
      {plan.warnings.map((warning) => (
        <Banner
          key={warning.code}
          tone={warning.code === 'agents_need_it' ? 'danger' : 'warning'}
          title={warning.code === 'agents_need_it' ? 'Required by an agent.' : 'In use.'}
          role="note"
        >
          {warning.message}
        </Banner>
      ))}
      {plan.consequences.length === 0 ? null : (
        <ul className="list-disc space-y-1 pl-5 text-pretty">
          {plan.consequences.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <Names title="Agents" count={plan.agentCount} isOpen>
        {plan.agents.map(({ agentKey, mode, storeCount }) => (
          <li key={agentKey} className="flex items-baseline gap-2">
            <Link href={agentHref(agentKey)} className="min-w-0 truncate underline-offset-2 hover:underline">
              {agentKey}
            </Link>
            <ToneBadge tone={mode === 'required' ? 'danger' : 'outline'}>{MODE_LABELS[mode].text}</ToneBadge>
            <span className="text-muted-foreground ml-auto shrink-0 text-xs tabular-nums">
              {plural(storeCount, 'store')} of this plan
            </span>
          </li>
        ))}
      </Names>
      <Names title="Stores" count={counts.stores}>
        {plan.stores.map((store) => (
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
      </Names>
      <Names title="Files deleted" count={counts.filesToDelete}>
        {plan.filesToDelete.map((file) => (
          <li key={file.id} className="flex items-baseline gap-2">
            <span className="min-w-0 truncate">{file.filename ?? <i>Unknown name</i>}</span>
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
      </Names>
      <Names title="Files kept" count={counts.filesKept} isOpen={counts.filesKept > 0 && counts.filesKept <= 5}>
        {plan.filesKept.map((file) => (
          <li key={file.id} className="flex flex-wrap items-baseline gap-x-2">
            <span className="min-w-0 truncate">{file.filename ?? file.id}</span>
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
      </Names>
    </div>
  );
}

function Names({
  title,
  count,
  isOpen = false,
  children,
}: {
  title: string;
  count: number;
  isOpen?: boolean;
  children: readonly ReactNode[];
}) {
  if (count === 0) return null;
  return (
    <details className="group rounded-md border" open={isOpen}>
      <summary className="focus-visible:ring-ring/60 cursor-pointer rounded-md px-3 py-1.5 font-medium outline-none focus-visible:ring-2">
        {title} <span className="text-muted-foreground font-normal tabular-nums">{formatCount(count)}</span>
      </summary>
      <ul className="max-h-52 space-y-1 overflow-y-auto border-t px-3 py-2">{children}</ul>
      {children.length < count ? (
        <p className="text-muted-foreground border-t px-3 py-1.5 text-xs">
          The first {formatCount(children.length)} of {formatCount(count)}.
        </p>
      ) : null}
    </details>
  );
}
