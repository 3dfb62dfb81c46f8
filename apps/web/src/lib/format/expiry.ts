import type { Source, VectorStore } from '@espejo/contracts';
import { plural } from './count.ts';
import { formatRelative } from './time.ts';

export type ExpiryTone = 'never' | 'later' | 'soon' | 'past';

export interface ExpiryWords {
  /** Short enough for a table cell. */
  readonly text: string;
  /** The policy, in one sentence. */
  readonly detail: string;
  readonly tone: ExpiryTone;
}

export type ExpiryFacts = Pick<VectorStore, 'expiresAfter' | 'expiresAt' | 'lastActiveAt' | 'status'> & {
  readonly source: Source;
};

const SOON_S = 3 * 86_400;
const ANCHOR_WORDS: Readonly<Record<string, string>> = { last_active_at: 'last use', created_at: 'creation' };

/**
 * When a store expires. A mirror whose date has passed is only "due" until upstream reports it as expired: a search
 * at OpenAI may have moved the date since the last sync.
 */
export function describeStoreExpiry(store: ExpiryFacts, nowS: number): ExpiryWords {
  const rule = describePolicy(store, nowS);
  const { expiresAt } = store;
  if (store.status === 'expired') {
    const isPast = expiresAt !== null && expiresAt <= nowS;
    return { text: isPast ? `expired ${formatRelative(expiresAt, nowS)}` : 'expired', detail: rule, tone: 'past' };
  }
  if (expiresAt === null) {
    if (store.expiresAfter === null) {
      return { text: 'never', detail: 'No expiry policy: kept until it is deleted', tone: 'never' };
    }
    return { text: 'date unknown', detail: rule, tone: 'later' };
  }
  if (expiresAt > nowS) {
    return {
      text: formatRelative(expiresAt, nowS),
      detail: rule,
      tone: expiresAt - nowS <= SOON_S ? 'soon' : 'later',
    };
  }
  if (store.source === 'primary') {
    return { text: `expired ${formatRelative(expiresAt, nowS)}`, detail: rule, tone: 'past' };
  }
  return {
    text: `due ${formatRelative(expiresAt, nowS)}`,
    detail: `${rule}. It was not expired at the last sync; a search at OpenAI moves the date`,
    tone: 'soon',
  };
}

/** The expiry as a complete phrase: "expires in 6 days", "never expires", "expired 3 days ago". */
export function expiryClause({ text, tone }: Pick<ExpiryWords, 'text' | 'tone'>): string {
  if (tone === 'never') return 'never expires';
  return text.startsWith('in ') ? `expires ${text}` : text.startsWith('date') ? `expiry ${text}` : text;
}

/** When a file expires: a file has only a date. */
export function describeFileExpiry(expiresAt: number | null, nowS: number): ExpiryWords {
  if (expiresAt === null) {
    return { text: 'never', detail: 'No expiry date: kept until it is deleted', tone: 'never' };
  }
  if (expiresAt <= nowS) {
    return { text: `due ${formatRelative(expiresAt, nowS)}`, detail: 'Its expiry date has passed', tone: 'past' };
  }
  return {
    text: formatRelative(expiresAt, nowS),
    detail: 'A file expires on a fixed date, set when it was uploaded',
    tone: expiresAt - nowS <= SOON_S ? 'soon' : 'later',
  };
}

/** The policy: "7 days after last use; last use 1 day ago". */
export function describePolicy(
  store: Pick<VectorStore, 'expiresAfter' | 'expiresAt' | 'lastActiveAt'>,
  nowS: number,
): string {
  const policy = store.expiresAfter;
  if (policy === null) {
    return store.expiresAt === null ? 'No expiry policy' : 'A fixed date, without a policy';
  }
  const days = typeof policy.days === 'number' ? policy.days : null;
  const anchor = typeof policy.anchor === 'string' ? policy.anchor : null;
  if (days === null || anchor === null) return `A policy unknown to this version: ${JSON.stringify(policy)}`;
  const rule = `${plural(days, 'day')} after ${ANCHOR_WORDS[anchor] ?? anchor}`;
  if (anchor !== 'last_active_at' || store.lastActiveAt === null) return rule;
  return `${rule}; last use ${formatRelative(store.lastActiveAt, nowS)}`;
}
