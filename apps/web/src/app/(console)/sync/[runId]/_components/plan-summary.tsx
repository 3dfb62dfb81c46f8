import type { SyncPlan, SyncRun } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { listKinds } from '#lib/labels/common.ts';

/** What a dry run found: in step, or what a sync would do. For a real run, what it set out to do. */
export function PlanSummary({ run, plan }: { run: Pick<SyncRun, 'dryRun' | 'counters'>; plan: SyncPlan }) {
  if (plan.isInSync) {
    return (
      <Banner tone="info" title="In sync.">
        There is no difference between the mirror and OpenAI.
      </Banner>
    );
  }
  if (!run.dryRun) return null;
  const counts = (key: 'added' | 'missing' | 'removed') =>
    listKinds({ stores: plan.stores[key], attachments: plan.attachments[key], files: plan.files[key] });
  const { counters } = run;
  // The plan counts what is back among what is changed.
  const returned = {
    stores: counters.stores.returned,
    attachments: counters.attachments.returned,
    files: counters.files.returned,
  };
  const changed = listKinds({
    stores: plan.stores.changed - returned.stores,
    attachments: plan.attachments.changed - returned.attachments,
    files: plan.files.changed - returned.files,
  });
  const hasReturned = returned.stores + returned.attachments + returned.files > 0;
  return (
    <Banner tone="info" title="A sync would:">
      add {counts('added')}; {hasReturned ? `take back ${listKinds(returned)}; ` : ''}change {changed}; mark as missing{' '}
      {counts('missing')}; remove {counts('removed')}.
      {plan.reasons.length > 0 ? ' It would stop for a review before removing.' : ''}
      {plan.reasons.map((reason) => (
        <p key={`${reason.code}-${reason.kind}`}>{reason.message}</p>
      ))}
    </Banner>
  );
}
