'use client';

import { useQuery } from '@tanstack/react-query';
import { statusQuery } from '#lib/api/status.ts';
import { Time } from './time.tsx';

interface AsOfProps {
  /** When the listing that the rows come from ended. */
  readonly at: number;
  /** Loads the list again from its top. */
  readonly onRefresh: () => void;
}

/** The age of a list, with a refresh button when newer data exists and the list is too long for an automatic refresh. */
export function AsOf({ at, onRefresh }: AsOfProps) {
  const status = useQuery(statusQuery);
  const isBehind = (status.data?.asOf ?? 0) > at;
  return (
    <span>
      · as of <Time at={at} />
      {isBehind ? (
        <button
          type="button"
          onClick={onRefresh}
          className="text-brand focus-visible:ring-ring/60 ml-1.5 rounded-sm underline underline-offset-2 outline-none focus-visible:ring-2"
        >
          Show newer
        </button>
      ) : null}
    </span>
  );
}
