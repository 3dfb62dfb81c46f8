import type { SyncPlan, SyncRun } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { listKinds } from '#lib/labels/common.ts';

/** The plan of a run: of a dry run, what a sync would do; of a sync, what it planned to do. */
export function PlanSummary({ run, plan }: { run: Pick<SyncRun, 'dryRun'>; plan: SyncPlan }) {
  if (plan.isInSync) {
    return (
      <Banner tone="info" title="In sync.">
        There is no difference between the mirror and OpenAI.
      </Banner>
    );
  }
  if (!run.dryRun) return null;
  const counts = (key: 'added' | 'changed' | 'missing' | 'removed') =>
    listKinds({ stores: plan.stores[key], attachments: plan.attachments[key], files: plan.files[key] });
  return (
    <Banner tone="info" title="A sync would:">
      add {counts('added')}; change {counts('changed')}; mark as missing {counts('missing')}; remove {counts('removed')}
      .{plan.reasons.length > 0 ? ' It would stop for a review before removing anything.' : ''}
      {plan.reasons.map((reason) => (
        <p key={`${reason.code}-${reason.kind}`}>{reason.message}</p>
      ))}
    </Banner>
  );
}
