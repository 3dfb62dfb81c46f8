import { hash } from 'node:crypto';
import type { ItemKind, ReviewReason, UpstreamScopeSeen } from './types.ts';

/**
 * Items absent from a complete listing, which would be removed once proven gone. Ids of attachments are `store/file`.
 */
export type RemovalCandidates = Readonly<Record<ItemKind, readonly string[]>>;

export const NO_CANDIDATES: RemovalCandidates = { vector_stores: [], files: [], attachments: [] };

/**
 * Identifies one set of removals and the reasons to stop for them, for one connection; the order of ids does not
 * matter. Equal hashes mean that nothing has changed since a person reviewed them.
 */
export function planHash(input: {
  connectionId: string;
  candidates: RemovalCandidates;
  reasons: readonly ReviewReason[];
  scope: UpstreamScopeSeen;
}): string {
  const { candidates, reasons } = input;
  const isScopeInQuestion = reasons.some((reason) => reason.code === 'project_changed');
  const canonical = JSON.stringify([
    input.connectionId,
    reasons.map((reason) => `${reason.code}:${reason.kind}`).sort(),
    isScopeInQuestion ? [input.scope.organization, input.scope.project] : null,
    [...candidates.vector_stores].sort(),
    [...candidates.files].sort(),
    [...candidates.attachments].sort(),
  ]);
  return hash('sha256', canonical, 'hex').slice(0, 32);
}

/**
 * Whether an item absent from a complete listing may now be checked by id: it was already missing before this run began
 * (so this is at least the second complete listing without it) and the grace period is over (rule 4).
 */
export function isDueForRemoval(input: {
  missingSinceMs: number | null;
  runStartedAtMs: number;
  nowMs: number;
  graceMs: number;
}): boolean {
  const { missingSinceMs, runStartedAtMs, nowMs, graceMs } = input;
  return missingSinceMs !== null && missingSinceMs < runStartedAtMs && nowMs - missingSinceMs >= graceMs;
}

/** Whether the files of a store must be listed in this run (docs/architecture.md, section 4, step 2). */
export function isFileListingDue(input: {
  /** What upstream's row says now. */
  fingerprint: string;
  filesTotal: number;
  filesInProgress: number;
  /** `listedFingerprintOf` the last listing that ended cleanly; null when none did. */
  listedFingerprint: string | null;
  filesListedAtMs: number | null;
  /** Known attachments of this store, and how many of them wait for a second check. */
  knownAttachmentCount: number;
  missingAttachmentCount: number;
  isFull: boolean;
  nowMs: number;
  relistIntervalMs: number;
}): boolean {
  // Empty upstream and here: no request is needed.
  if (input.filesTotal === 0 && input.knownAttachmentCount === 0) return false;
  if (input.isFull || input.missingAttachmentCount > 0 || input.filesInProgress > 0) return true;
  if (input.listedFingerprint !== input.fingerprint || input.filesListedAtMs === null) return true;
  const ageMs = input.nowMs - input.filesListedAtMs;
  // An instant in the future means that the clock was set back, so the age is unknown.
  return ageMs < 0 || ageMs >= input.relistIntervalMs;
}

/**
 * The fingerprint to record after a complete listing of a store's files. A listing with fewer files than the store
 * counts may lag behind, so one more is made. If that is short again, it is accepted: the count is wrong, and must not
 * cause a listing in every run.
 */
export function listedFingerprintOf(input: {
  fingerprint: string;
  filesTotal: number;
  seenCount: number;
  /** The value that the listing before this one recorded. */
  listedFingerprint: string | null;
}): string {
  const { fingerprint, listedFingerprint } = input;
  const doubted = `${fingerprint}?`;
  const isBelieved = listedFingerprint === fingerprint || listedFingerprint === doubted;
  return input.seenCount >= input.filesTotal || isBelieved ? fingerprint : doubted;
}

/**
 * A store's own interval for the rolling re-list, between three quarters and all of `intervalMs`: stores that were
 * listed together drift apart, so re-lists do not come in one burst.
 */
export function rollingIntervalMs(storeId: string, intervalMs: number): number {
  const share = Number.parseInt(hash('sha1', storeId, 'hex').slice(0, 4), 16) / 0xffff;
  return Math.round(intervalMs * (0.75 + 0.25 * share));
}
