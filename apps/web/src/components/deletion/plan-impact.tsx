'use client';

import type { DeletionPlan } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { Stat } from '@espejo/ui/blocks/facts';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import Link from 'next/link';
import { agentHref } from '#components/agents/agent-links.tsx';
import { formatBytes } from '#lib/format/bytes.ts';
import { formatCount, plural } from '#lib/format/count.ts';
import { MODE_LABELS } from '#lib/labels/agents.ts';
import { perMonth } from '#lib/labels/deletions.ts';
import { PlanNames } from './plan-names.tsx';
import { PlannedConnectionView } from './planned-connection.tsx';

/** The effects of a plan: counts, consequences, then every name, by connection. */
export function PlanImpact({ plan }: { plan: DeletionPlan }) {
  const { counts } = plan;
  const isOfFilesAlone = counts.stores === 0;
  return (
    <div className="grid min-w-0 gap-4">
      <dl className="bg-muted/50 grid grid-cols-2 gap-x-6 gap-y-2 rounded-md px-3 py-2.5 sm:flex sm:flex-wrap sm:gap-x-8">
        {isOfFilesAlone ? null : <Stat label="Stores">{formatCount(counts.stores)}</Stat>}
        <Stat label="Files deleted">{formatCount(counts.filesToDelete)}</Stat>
        <Stat label="Files kept">{formatCount(counts.filesKept)}</Stat>
        <Stat label="Bytes freed" hint="Together the size of the files that are deleted">
          {formatBytes(plan.fileBytes)}
        </Stat>
        {isOfFilesAlone ? null : (
          <>
            <Stat label="Indexed size">{formatBytes(plan.usageBytes)}</Stat>
            <Stat label="Saves" hint="An estimate from the storage rates in the settings">
              {perMonth(plan.savings.perMonth)}
            </Stat>
          </>
        )}
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
      <PlanNames title="Agents" count={plan.agentCount} isOpen>
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
      </PlanNames>
      {plan.connections.map((group) => (
        <PlannedConnectionView key={group.connectionId ?? 'own'} plan={plan} group={group} />
      ))}
    </div>
  );
}
