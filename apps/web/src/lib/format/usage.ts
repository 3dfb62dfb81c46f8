import type { LimitUsage } from '@espejo/contracts';
import { formatBytes } from './bytes.ts';
import { formatCount, plural } from './count.ts';

/** Above this share a limit is shown as a warning. */
const NEAR_SHARE = 0.8;

export const LIMIT_LABELS: Readonly<Record<LimitUsage['name'], string>> = {
  storesMax: 'Primary stores',
  filesPerStoreMax: 'Files in one store',
  fileBytesMax: 'Size of one file',
  totalBytesMax: 'Total size of all files',
  searchesPerDayMax: 'Searches today',
  ingestedTokensPerDayMax: 'Tokens ingested today',
  requestsPerMinuteMax: 'Requests per minute',
};

export interface UsageWords {
  /** "8 of 10 stores"; "8 stores" where there is no limit. */
  readonly text: string;
  /** 0..1; null: no limit or no usage. */
  readonly share: number | null;
  readonly tone: 'calm' | 'near' | 'full';
  /** The tone as text; null for a calm one. */
  readonly note: string | null;
}

/** The usage of a limit as text, so that its colour is not the only signal. */
export function describeUsage({ used, max, unit }: Pick<LimitUsage, 'used' | 'max' | 'unit'>): UsageWords {
  if (used === null) {
    const text = max === null ? 'No limit' : `Up to ${amount(max, unit)}`;
    return { text, share: null, tone: 'calm', note: null };
  }
  if (max === null) return { text: amount(used, unit), share: null, tone: 'calm', note: null };
  const text =
    unit === 'bytes' ? `${formatBytes(used)} of ${formatBytes(max)}` : `${formatCount(used)} of ${amount(max, unit)}`;
  const share = max === 0 ? 1 : used / max;
  if (share >= 1) return { text, share: 1, tone: 'full', note: 'Used up' };
  return share > NEAR_SHARE
    ? { text, share, tone: 'near', note: 'Nearly used up' }
    : { text, share, tone: 'calm', note: null };
}

function amount(value: number, unit: LimitUsage['unit']): string {
  return unit === 'bytes' ? formatBytes(value) : plural(value, unit.replace(/(?<=search)es$|s$/, ''), unit);
}
