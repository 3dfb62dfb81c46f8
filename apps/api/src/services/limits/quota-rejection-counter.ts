import { LIMIT_NAMES, type LimitName } from '@espejo/core';
import { quotaRefusedBy } from './limit-errors.ts';

/** How often each quota of the operator's has rejected something since the process started, for the metrics. */
export interface QuotaRejectionCounter {
  /** Counts an error, if it is a quota error. */
  record(failure: unknown): void;
  counts(): Readonly<Record<LimitName, number>>;
}

export function createQuotaRejectionCounter(): QuotaRejectionCounter {
  const counts = Object.fromEntries(LIMIT_NAMES.map((name) => [name, 0])) as Record<LimitName, number>;
  return {
    record(failure) {
      const name = quotaRefusedBy(failure);
      if (name !== null) counts[name] += 1;
    },
    counts: () => ({ ...counts }),
  };
}
