import type { DeletionStepRecord } from '@espejo/db';
import { type Presence, type UpstreamDeleter, UpstreamError, type UpstreamPort } from '@espejo/upstream';
import { toRunFailure } from '../sync/run-failure.ts';

/**
 * done: upstream proves it. park: this step cannot succeed by itself; the others go on. stop: the key is refused, no
 * step can succeed. pause: upstream does not answer or asks to wait; the same step is tried again later.
 */
export type StepOutcome =
  | { readonly type: 'done' }
  | { readonly type: 'park' | 'stop' | 'pause'; readonly reason: string };

export interface StepTools {
  readonly upstream: UpstreamPort;
  readonly deleter: UpstreamDeleter;
  readonly signal: AbortSignal;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Files this deletion detaches from a store: whatever else is still in it was put there since. */
  readonly plannedFilesOf: (storeId: string) => ReadonlySet<string>;
  readonly keepsFiles: boolean;
}

/** Waits between two looks at something that was deleted and still shows: upstream's lists lag by seconds. */
const VERIFY_WAITS_MS = [500, 1000, 2000, 4000, 8000] as const;

/** Does one step upstream and proves its effect. Safe to repeat after a crash: what is gone is found gone. */
export async function runStep(step: DeletionStepRecord, tools: StepTools): Promise<StepOutcome> {
  try {
    if (step.kind === 'detach') return await detach(step.storeId ?? '', step.fileId ?? '', tools);
    if (step.kind === 'delete_file') return await deleteFile(step.fileId ?? '', tools);
    return await deleteStore(step.storeId ?? '', tools);
  } catch (cause) {
    if (!(cause instanceof UpstreamError)) throw cause;
    const reason = toRunFailure(cause).message;
    if (cause.kind === 'unauthorized' || cause.kind === 'forbidden') return { type: 'stop', reason };
    if (cause.kind === 'rate_limited' || cause.kind === 'unavailable') return { type: 'pause', reason };
    return { type: 'park', reason };
  }
}

async function detach(storeId: string, fileId: string, { deleter, signal }: StepTools): Promise<StepOutcome> {
  const removal = await deleter.detachFile(storeId, fileId, { signal });
  return removal === 'refused'
    ? { type: 'park', reason: 'OpenAI refused to detach the file (deleted: false).' }
    : { type: 'done' };
}

async function deleteFile(fileId: string, tools: StepTools): Promise<StepOutcome> {
  const { deleter, upstream, signal } = tools;
  const removal = await deleter.deleteFile(fileId, { signal });
  // A 404 that names the file is the proof already; a success is only a promise.
  if (removal === 'absent') return { type: 'done' };
  return proveGone(tools, () => upstream.probeFile(fileId, { signal }), 'The file is still there after its deletion.');
}

async function deleteStore(storeId: string, tools: StepTools): Promise<StepOutcome> {
  const { deleter, upstream, signal } = tools;
  if (!tools.keepsFiles) {
    const unexpected = await findUnexpectedFile(storeId, tools);
    if (unexpected !== null) {
      return {
        type: 'park',
        reason: `File '${unexpected}' was added to the store after the plan was made. Make a new plan, so that nothing is left behind unseen.`,
      };
    }
  }
  const removal = await deleter.deleteVectorStore(storeId, { signal });
  if (removal === 'absent') return { type: 'done' };
  return proveGone(
    tools,
    () => upstream.probeVectorStore(storeId, { signal }),
    'The store is still there after its deletion.',
  );
}

/**
 * Looks whether the store is empty, as it must be when all its files are detached. Dead entries of the plan's own files
 * (upstream may list them for a while) do no harm: they go with the store. Anything else was added since.
 */
async function findUnexpectedFile(
  storeId: string,
  { upstream, signal, plannedFilesOf }: StepTools,
): Promise<string | null> {
  const planned = plannedFilesOf(storeId);
  try {
    for await (const page of upstream.listAttachments(storeId, { signal })) {
      const unexpected = page.items.find((row) => !planned.has(row.fileId));
      if (unexpected !== undefined) return unexpected.fileId;
    }
  } catch (cause) {
    if (!(cause instanceof UpstreamError)) throw cause;
    // An expired store may refuse to list what it no longer has.
    const isRefusal = planned.size === 0 && (cause.httpStatus === 400 || cause.httpStatus === 404);
    // Gone: by an earlier try of this step, or by somebody else.
    if (cause.kind !== 'gone' && !isRefusal) throw cause;
  }
  return null;
}

async function proveGone(tools: StepTools, probe: () => Promise<Presence>, reason: string): Promise<StepOutcome> {
  for (const waitMs of [0, ...VERIFY_WAITS_MS]) {
    if (waitMs > 0) await tools.sleep(waitMs, tools.signal);
    if ((await probe()) === 'absent') return { type: 'done' };
  }
  return { type: 'park', reason: `${reason} Try again later, or look at it in the OpenAI dashboard.` };
}
