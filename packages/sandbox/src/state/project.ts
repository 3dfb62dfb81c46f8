import type { Clock } from '../clock.ts';
import { createIds, type Ids } from '../ids.ts';
import { createRandom, hashText } from '../random.ts';
import { DueQueue } from './due-queue.ts';
import { OrderedRows } from './ordered-rows.ts';
import type { AttachmentRow, BatchRow, FileRow, StoreRow, ToolRow, UploadRow } from './rows.ts';

/**
 * What a deleted file leaves in stores: nothing, as documented; the attachment, listed and counted; or only its count.
 * The last two were reported of the real API.
 */
export type GhostMode = 'none' | 'listed' | 'counted';

export interface ProjectSettings {
  /** How long a file stays `in_progress` after it was attached, on the sandbox's clock. */
  readonly processingDelayMs: number;
  readonly ghostMode: GhostMode;
  /** The response to a cursor whose object was deleted: 400, or the rows after its former place. */
  readonly deletedCursor: 'reject' | 'continue';
  /**
   * Sent as `openai-poll-after-ms` with objects that are `in_progress`; the SDKs poll at that interval. Null: not sent.
   */
  readonly pollAfterMs: number | null;
}

export const DEFAULT_SETTINGS: ProjectSettings = {
  processingDelayMs: 0,
  ghostMode: 'none',
  deletedCursor: 'continue',
  pollAfterMs: null,
};

type DueEvent =
  | { readonly kind: 'attachment_processed'; readonly store: StoreRow; readonly attachment: AttachmentRow }
  | { readonly kind: 'store_expiry'; readonly storeId: string }
  | { readonly kind: 'file_expiry'; readonly fileId: string };

/** All data of one OpenAI project. Only the functions in this folder write it. */
export interface Project {
  readonly id: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly settings: ProjectSettings;
  readonly stores: OrderedRows<StoreRow>;
  readonly files: OrderedRows<FileRow>;
  readonly batches: Map<string, BatchRow>;
  readonly uploads: Map<string, UploadRow>;
  readonly due: DueQueue<DueEvent>;
  /** Containers and assistants that have files. */
  readonly tools: ToolRow[];
  /** The next place in the total order. */
  nextSeq(): number;
}

export interface CreateProjectOptions {
  readonly id: string;
  readonly clock: Clock;
  /** Ids are derived only from this number and the project's id. */
  readonly seed: number;
  readonly settings: ProjectSettings;
}

/** Creates an empty project. */
export function createProject(options: CreateProjectOptions): Project {
  let seq = 0;
  return {
    id: options.id,
    clock: options.clock,
    ids: createIds(createRandom(options.seed ^ hashText(options.id))),
    settings: options.settings,
    stores: new OrderedRows(),
    files: new OrderedRows(),
    batches: new Map(),
    uploads: new Map(),
    due: new DueQueue(),
    tools: [],
    nextSeq: () => {
      seq += 1;
      return seq;
    },
  };
}
