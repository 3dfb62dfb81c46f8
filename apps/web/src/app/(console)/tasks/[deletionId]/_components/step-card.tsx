'use client';

import type { DeletionStep } from '@espejo/contracts';
import { StatusText } from '#components/badges.tsx';
import { Name } from '#components/name.tsx';
import { STEP_STATE, STEP_WORDS } from '#lib/labels/deletions.ts';

/** A step on a narrow screen. */
export function StepCard({ step }: { step: DeletionStep }) {
  return (
    <article className="flex h-full flex-col justify-center gap-1 px-4">
      <div className="flex items-baseline gap-2">
        <span className="font-medium">{STEP_WORDS[step.kind]}</span>
        <span className="ml-auto shrink-0">
          <StatusText label={STEP_STATE[step.state]} />
        </span>
      </div>
      <p className="truncate">
        <Name text={step.name ?? step.fileId ?? step.storeId ?? ''} />
      </p>
      <p className="text-muted-foreground truncate text-xs">{step.reason ?? step.fileId ?? step.storeId}</p>
    </article>
  );
}
