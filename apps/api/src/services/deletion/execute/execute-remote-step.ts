import type { DeletionStepRecord } from '@espejo/db';
import { type Presence, type UpstreamDeleter, UpstreamError, type UpstreamPort } from '@espejo/upstream';

export interface StepTools {
  readonly upstream: UpstreamPort;
  readonly deleter: UpstreamDeleter;
  readonly signal: AbortSignal;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Files that this deletion detaches from a store. */
  readonly plannedFilesOf: (storeId: string) => ReadonlySet<string>;
  /** Files that this deletion deletes, in any store. */
  readonly deletedFileIds: ReadonlySet<string>;
  readonly keepsFiles: boolean;
}

/** Null: upstream proves it. Else why this step cannot succeed automatically. */
export type StepOutcome = string | null;

/** Waits between two checks of a deleted object that is still listed: upstream's lists lag by seconds. */
const VERIFY_WAITS_MS = [500, 1000, 2000, 4000, 8000] as const;

/**
 * Does one step upstream and proves its effect. Safe to repeat after a crash: an object that is gone is found gone.
 * Throws `UpstreamError` when upstream gave no usable answer.
 */
export async function runStep(step: DeletionStepRecord, tools: StepTools): Promise<StepOutcome> {
  if (step.kind === 'detach') return detach(step.storeId ?? '', step.fileId ?? '', tools);
  if (step.kind === 'delete_file') return deleteFile(step.fileId ?? '', tools);
  return deleteStore(step.storeId ?? '', tools);
}

async function detach(storeId: string, fileId: string, { deleter, upstream, signal }: StepTools): Promise<StepOutcome> {
  const removal = await deleter.detachFile(storeId, fileId, { signal });
  if (removal !== 'refused') return null;
  // `deleted: false` says that it was not deleted, not that it is there.
  if ((await upstream.probeAttachment(storeId, fileId, { signal })) === 'absent') return null;
  return 'OpenAI refused to detach the file (deleted: false). Try again later, or look at it in the OpenAI dashboard.';
}

async function deleteFile(fileId: string, tools: StepTools): Promise<StepOutcome> {
  const { deleter, upstream, signal } = tools;
  const removal = await deleter.deleteFile(fileId, { signal });
  // A 404 that names the file is the proof; a success is not proof yet.
  if (removal === 'absent') return null;
  return verifyDeleted(
    tools,
    () => upstream.probeFile(fileId, { signal }),
    'The file is still there after its deletion.',
  );
}

async function deleteStore(storeId: string, tools: StepTools): Promise<StepOutcome> {
  const { deleter, upstream, signal } = tools;
  if (!tools.keepsFiles) {
    const unexpected = await findUnexpectedFile(storeId, tools);
    if (unexpected !== null) {
      return `File '${unexpected}' was added to the store after the plan was made. Make a new plan, so that nothing is left behind unseen.`;
    }
  }
  const removal = await deleter.deleteVectorStore(storeId, { signal });
  if (removal === 'absent') return null;
  return verifyDeleted(
    tools,
    () => upstream.probeVectorStore(storeId, { signal }),
    'The store is still there after its deletion.',
  );
}

/**
 * Checks that the store is empty, as it must be when all its files are detached. Ghosts of the deletion's own files
 * (upstream may list them for a while) do no harm: they are deleted with the store. Any other file was added since.
 */
async function findUnexpectedFile(
  storeId: string,
  { upstream, signal, plannedFilesOf, deletedFileIds }: StepTools,
): Promise<string | null> {
  const planned = plannedFilesOf(storeId);
  try {
    for await (const page of upstream.listAttachments(storeId, { signal })) {
      const unexpected = page.items.find(({ fileId }) => !planned.has(fileId) && !deletedFileIds.has(fileId));
      if (unexpected !== undefined) return unexpected.fileId;
    }
  } catch (cause) {
    if (!(cause instanceof UpstreamError)) throw cause;
    // An expired store may refuse to list files that it no longer has.
    const isRefusal = planned.size === 0 && cause.httpStatus === 400;
    // Gone: by an earlier attempt of this step, or by another client.
    if (cause.kind !== 'gone' && !isRefusal) throw cause;
  }
  return null;
}

async function verifyDeleted(tools: StepTools, probe: () => Promise<Presence>, reason: string): Promise<StepOutcome> {
  for (const waitMs of [0, ...VERIFY_WAITS_MS]) {
    if (waitMs > 0) await tools.sleep(waitMs, tools.signal);
    if ((await probe()) === 'absent') return null;
  }
  return `${reason} Try again later, or look at it in the OpenAI dashboard.`;
}
