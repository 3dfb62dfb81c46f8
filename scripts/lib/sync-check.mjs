/**
 * @typedef {import('@espejo/contracts').SyncRun} SyncRun
 * @typedef {import('@espejo/contracts').SyncChange} SyncChange
 * @typedef {{ lines: string[], code: 0 | 1 | 2 }} Report
 */

/** Exit codes of the check. */
export const EXIT = /** @type {const} */ ({ inSync: 0, drift: 1, notChecked: 2 });

/** Symbols of differences: only upstream, only in the mirror, different, or not comparable. */
const SYMBOLS = /** @type {const} */ ({
  added: '+',
  returned: '+',
  missing: '−',
  removed: '−',
  changed: '*',
  failed: '!',
});

/** How many stores a report lists; the totals below are exact. */
export const NAMED_MAX = 40;

/**
 * Formats a finished dry run as lines, with its exit code.
 * @param {SyncRun} run
 * @param {{ data: readonly SyncChange[], total: number }} changes
 * @returns {Report}
 */
export function reportCheck(run, changes) {
  const lines = [headline(run), ...changes.data.slice(0, NAMED_MAX).map(changeLine)];
  const unnamed = changes.total - Math.min(changes.data.length, NAMED_MAX);
  if (unnamed > 0) lines.push(`  … and ${unnamed} more stores`);
  for (const reason of run.plan?.reasons ?? []) lines.push(`  ! ${reason.message}`);
  if (run.plan === null || (run.status !== 'succeeded' && run.status !== 'needs_review')) {
    lines.push(`Not checked (${run.status}): ${run.error?.message ?? 'the comparison did not finish.'}`);
    return { lines, code: EXIT.notChecked };
  }
  if (run.plan.isInSync) return { lines: [...lines, 'In sync.'], code: EXIT.inSync };
  lines.push(...totals(run.plan));
  lines.push(run.status === 'needs_review' ? 'Drift; a sync would stop for a review.' : 'Drift.');
  return { lines, code: EXIT.drift };
}

/**
 * The exit code over several connections: the highest one.
 * @param {readonly Report[]} reports
 */
export function worstOf(reports) {
  return reports.reduce((worst, { code }) => Math.max(worst, code), 0);
}

/** @param {SyncRun} run */
function headline({ connectionName, counters, requests, durationMs }) {
  const { stores, attachments, files } = counters;
  return `${connectionName}: ${stores.seen} stores, ${attachments.seen} attached files and ${files.seen} files compared, ${requests} requests, ${((durationMs ?? 0) / 1000).toFixed(1)} s`;
}

/** @param {SyncChange} change */
function changeLine(change) {
  const name = change.storeName === null ? '' : `  ${JSON.stringify(change.storeName)}`;
  return `  ${SYMBOLS[change.action]} ${change.storeId ?? 'files'}${name}${details(change)}`;
}

/** @param {SyncChange} change */
function details(change) {
  const parts = [];
  if (change.fields.length > 0) parts.push(change.fields.map(({ field }) => field).join(', '));
  const files = [
    counted('+', change.filesAdded),
    counted('*', change.filesChanged),
    counted('−', change.filesMissing + change.filesRemoved),
  ].filter((text) => text !== '');
  if (files.length > 0) parts.push(`files ${files.join(' ')}`);
  if (change.message !== null) parts.push(change.message);
  return parts.length === 0 ? '' : `  (${parts.join('; ')})`;
}

/** @param {NonNullable<SyncRun['plan']>} plan */
function totals(plan) {
  const kinds = /** @type {const} */ ([
    ['stores', plan.stores],
    ['attached files', plan.attachments],
    ['files', plan.files],
  ]);
  return kinds.flatMap(([noun, { added, changed, missing, removed }]) => {
    const parts = [counted('+', added), counted('*', changed), counted('−', missing + removed)].filter(
      (text) => text !== '',
    );
    return parts.length === 0 ? [] : [`  ${noun}: ${parts.join(' ')}`];
  });
}

/**
 * @param {string} symbol
 * @param {number} count
 */
function counted(symbol, count) {
  return count === 0 ? '' : `${symbol}${count}`;
}
