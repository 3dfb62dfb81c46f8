'use client';

import type { SyncPlan, SyncRun } from '@espejo/contracts';
import { useQuery } from '@tanstack/react-query';
import { ShieldAlertIcon } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { Time } from '#components/time.tsx';
import { statusQuery } from '#lib/api/status.ts';
import { actorClause } from '#lib/labels/actors.ts';
import { listKinds, namedRemovals } from '#lib/labels/common.ts';
import { reviewState } from '../review.ts';
import { ApproveDialog } from './approve-dialog.tsx';
import { RemovalList } from './removal-list.tsx';

/** Why the circuit breaker stopped this run, the removals of its plan, and the approval of exactly that plan. */
export function ReviewPanel({ run, plan }: { run: SyncRun; plan: SyncPlan }) {
  const [isAsking, setAsking] = useState(false);
  const status = useQuery(statusQuery);
  const state = reviewState(run, status.data?.reviewRunIds ?? null);
  const named = namedRemovals(plan);
  const removals = listKinds(named);
  return (
    <section aria-label="Review" className="bg-warning-soft flex flex-col gap-3 rounded-lg p-4">
      <div className="flex flex-wrap items-start gap-3">
        <ShieldAlertIcon aria-hidden="true" className="text-warning mt-0.5 size-5 shrink-0" />
        <div className="min-w-0 flex-1 basis-60">
          <h2 className="text-warning text-sm font-semibold">
            {state === 'dry_run' ? 'A sync would stop before removing anything' : 'Stopped before removing anything'}
          </h2>
          <ul className="mt-1 flex flex-col gap-1">
            {plan.reasons.map((reason) => (
              <li key={`${reason.code}-${reason.kind}`} className="text-pretty">
                {reason.message}
              </li>
            ))}
          </ul>
          <p className="text-foreground/85 mt-1 text-pretty">
            {state === 'dry_run' ? (
              'This was a dry run, so there is nothing to approve. A sync would also stop here for a review.'
            ) : state === 'approved' ? (
              <>
                Approved{run.review?.by == null ? '' : ` by ${actorClause(run.review.by)}`}
                {run.review?.at == null ? null : (
                  <>
                    {' '}
                    <Time at={run.review.at} />
                  </>
                )}
                . The runs after this one remove what is still gone when they look. <SeeNewest run={run} />
              </>
            ) : state === 'superseded' ? (
              <>
                Superseded: a newer run has looked again, so this one cannot be approved any more.{' '}
                <SeeNewest run={run} />
              </>
            ) : (
              `Approving lets Espejo remove ${removals} from this mirror: each after the grace period, and only if a direct request confirms that it is gone. Nothing changes at OpenAI. If you did not expect this, do not approve: nothing is lost, and the next sync checks again.`
            )}
          </p>
        </div>
        {state === 'open' ? (
          <PermissionButton needs="manage" onClick={() => setAsking(true)} className="shrink-0 max-md:ml-8">
            Approve…
          </PermissionButton>
        ) : null}
      </div>
      <div className="grid gap-2 md:grid-cols-3">
        <RemovalList noun="vector store" count={named.stores} items={plan.stores.removals} linkTo="/stores/" />
        <RemovalList noun="attachment" count={named.attachments} items={plan.attachments.removals} />
        <RemovalList noun="file" count={named.files} items={plan.files.removals} />
      </div>
      {isAsking ? <ApproveDialog run={run} plan={plan} removals={removals} onClose={() => setAsking(false)} /> : null}
    </section>
  );
}

function SeeNewest({ run }: { run: SyncRun }) {
  return (
    <Link
      href={`/sync?connection=${encodeURIComponent(run.connectionId)}`}
      className="font-medium underline underline-offset-2"
    >
      See the newest
    </Link>
  );
}
