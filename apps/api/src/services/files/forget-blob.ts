import type { ContentDeps } from '../ingestion/content-deps.ts';

/** Has content removed, unless some file has it. What cannot be noted now is found by the sweep. */
export async function forgetBlob(
  deps: Pick<ContentDeps, 'db' | 'clock' | 'log' | 'localWork'>,
  tenantId: string,
  sha256: string,
): Promise<void> {
  try {
    await deps.db.transaction((tx) => tx.localTasks.add(tenantId, { kind: 'remove_blob', sha256 }, deps.clock.nowMs()));
    await deps.localWork.perform(tenantId);
  } catch (cause) {
    deps.log.warn({ err: cause, sha256 }, 'content that no file has could not be removed yet');
  }
}
