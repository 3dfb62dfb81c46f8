import { hash } from 'node:crypto';
import type { ItemKind, ReviewReason, UpstreamScopeSeen } from './types.ts';

/** Items absent from a complete listing, that is: what would be removed once proven gone. Ids of attachments are `store/file`. */
export type RemovalCandidates = Readonly<Record<ItemKind, readonly string[]>>;

export const NO_CANDIDATES: RemovalCandidates = { vector_stores: [], files: [], attachments: [] };

/**
 * Names exactly one set of removals and the reasons to stop for them, for one connection; the order of ids does not
 * matter. Equal hashes mean that the world has not moved since a person looked.
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
 * Whether an item that a complete listing did not show may now be asked for by id: it was already missing before this
 * run began (so this is at least the second complete listing without it) and the grace period is over (rule 4).
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
  /** Attachments the mirror holds of this store, and how many of them wait for a second look. */
  knownAttachmentCount: number;
  missingAttachmentCount: number;
  isFull: boolean;
  nowMs: number;
  relistIntervalMs: number;
}): boolean {
  // Nothing there and nothing held: the empty collection needs no request to be known.
  if (input.filesTotal === 0 && input.knownAttachmentCount === 0) return false;
  if (input.isFull || input.missingAttachmentCount > 0 || input.filesInProgress > 0) return true;
  if (input.listedFingerprint !== input.fingerprint || input.filesListedAtMs === null) return true;
  const ageMs = input.nowMs - input.filesListedAtMs;
  // Listed in the future means that the clock was set back: its age says nothing.
  return ageMs < 0 || ageMs >= input.relistIntervalMs;
}

/**
 * Under which fingerprint a listing of a store's files that ended cleanly counts as done. One that shows fewer files than
 * the store counts may lag behind, so it is asked for once more; short again, it is believed: the count is wrong then,
 * and must not make every run list the store.
 */
export function listedFingerprintOf(input: {
  fingerprint: string;
  filesTotal: number;
  seenCount: number;
  /** What the listing before this one left. */
  listedFingerprint: string | null;
}): string {
  const { fingerprint, listedFingerprint } = input;
  const doubted = `${fingerprint}?`;
  const isBelieved = listedFingerprint === fingerprint || listedFingerprint === doubted;
  return input.seenCount >= input.filesTotal || isBelieved ? fingerprint : doubted;
}

/**
 * A store's own interval for the rolling re-list, between three quarters and all of `intervalMs`: stores that were
 * listed together drift apart, so the re-list never comes as one burst.
 */
export function rollingIntervalMs(storeId: string, intervalMs: number): number {
  const share = Number.parseInt(hash('sha1', storeId, 'hex').slice(0, 4), 16) / 0xffff;
  return Math.round(intervalMs * (0.75 + 0.25 * share));
}
