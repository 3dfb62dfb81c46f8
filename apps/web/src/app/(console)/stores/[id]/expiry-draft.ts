import type { ExpiryPolicy } from '@espejo/contracts';

export const EXPIRY_KINDS = [
  { value: 'never', label: 'Never' },
  { value: 'after_last_active', label: 'Days after last use' },
  { value: 'after_creation', label: 'Hours after creation' },
  { value: 'at', label: 'At a date and time' },
] as const satisfies readonly { value: ExpiryPolicy['kind']; label: string }[];

/** The fields of the expiry form, as typed. It keeps the fields of every kind, so that switching loses nothing. */
export interface ExpiryDraft {
  readonly kind: ExpiryPolicy['kind'];
  readonly days: string;
  readonly hours: string;
  /** `YYYY-MM-DDTHH:MM`, in UTC. */
  readonly at: string;
}

const EMPTY = { days: '30', hours: '36', at: '' } as const;
const HOUR_S = 3600;

export function expiryDraftOf(policy: ExpiryPolicy | null): ExpiryDraft {
  if (policy === null) return { kind: 'never', ...EMPTY };
  if (policy.kind === 'after_last_active') return { ...EMPTY, kind: policy.kind, days: String(policy.days) };
  if (policy.kind === 'after_creation')
    return { ...EMPTY, kind: policy.kind, hours: String(policy.durationS / HOUR_S) };
  if (policy.kind === 'at') {
    return { ...EMPTY, kind: policy.kind, at: new Date(policy.instantS * 1000).toISOString().slice(0, 16) };
  }
  return { kind: 'never', ...EMPTY };
}

/** The policy in the form; null while it is incomplete. */
export function toPolicy(draft: ExpiryDraft): ExpiryPolicy | null {
  if (draft.kind === 'never') return { kind: 'never' };
  if (draft.kind === 'at') {
    // Accepts only the format of the browser's date input: `Date.parse` accepts almost any text.
    const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(draft.at) ? Date.parse(`${draft.at}:00Z`) : Number.NaN;
    return Number.isNaN(ms) ? null : { kind: 'at', instantS: ms / 1000 };
  }
  if (draft.kind === 'after_creation') {
    const durationS = Number(draft.hours) * HOUR_S;
    return draft.hours !== '' && Number.isInteger(durationS) && durationS > 0 ? { kind: draft.kind, durationS } : null;
  }
  const days = Number(draft.days);
  return draft.days !== '' && Number.isInteger(days) && days > 0 ? { kind: draft.kind, days } : null;
}
