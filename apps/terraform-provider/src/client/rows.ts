/** Rows of OpenAI's API, with the fields used here. */

export interface FileCounts {
  readonly in_progress: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly total: number;
}

export interface Store {
  readonly id: string;
  readonly created_at: number;
  readonly name: string | null;
  readonly description?: string | null;
  readonly usage_bytes: number;
  readonly file_counts: FileCounts;
  readonly status: string;
  readonly expires_after?: { readonly anchor: string; readonly days: number } | null;
  readonly expires_at?: number | null;
  readonly last_active_at: number | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  /** Espejo only: a primary store or a mirror. */
  readonly source?: 'primary' | 'cache';
}

export interface FileRow {
  readonly id: string;
  readonly bytes: number;
  readonly created_at: number;
  readonly filename: string;
  readonly purpose: string;
  readonly expires_at?: number | null;
  readonly status?: string;
}

export type FileAttributes = Readonly<Record<string, string | number | boolean>>;

export type Chunking =
  | { readonly type: 'auto' }
  | {
      readonly type: 'static';
      readonly static: { readonly max_chunk_size_tokens: number; readonly chunk_overlap_tokens: number };
    };

export interface AttachedFile {
  readonly id: string;
  readonly created_at: number;
  readonly vector_store_id: string;
  readonly usage_bytes: number;
  readonly status: string;
  readonly last_error: { readonly code: string; readonly message: string } | null;
  readonly attributes: FileAttributes | null;
  readonly chunking_strategy?: unknown;
}

export interface Batch {
  readonly id: string;
  readonly created_at: number;
  readonly status: string;
  readonly file_counts: FileCounts;
}
