'use client';

import { PageHeader } from '@espejo/ui/blocks/page-header';
import { useQuery } from '@tanstack/react-query';
import { Loaded } from '#components/states/loaded.tsx';
import { Time } from '#components/time.tsx';
import { overviewQuery } from '#lib/api/overview.ts';
import { Attention } from './_components/attention.tsx';
import { Health } from './_components/health.tsx';
import { Storage } from './_components/storage.tsx';

/** The first page: what needs attention, the health of each connection, storage and cost. */
export function OverviewClient() {
  const overview = useQuery(overviewQuery);
  return (
    <div className="mx-auto flex w-full max-w-6xl flex-col gap-6 px-4 py-4">
      <PageHeader
        title="Overview"
        description={
          <>
            <span>What needs attention, how the syncs go, and what storage costs</span>
            {overview.data?.asOf == null ? null : (
              <span>
                · as of <Time at={overview.data.asOf} />
              </span>
            )}
          </>
        }
      />
      <Loaded query={overview} what="the overview">
        {(data) => (
          <>
            <Attention overview={data} />
            <Health connections={data.connections} />
            <Storage storage={data.storage} />
          </>
        )}
      </Loaded>
    </div>
  );
}
