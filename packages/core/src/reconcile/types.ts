export type ItemKind = 'vector_stores' | 'files' | 'attachments';

export interface ReviewReason {
  readonly code: 'too_many_removals' | 'empty_listing' | 'only_unknown_ids' | 'project_changed';
  readonly kind: ItemKind | 'connection';
  readonly value: number;
  readonly limit: number;
  readonly known: number;
  readonly message: string;
}

/** Whose data it is according to the listing; null where upstream does not say. */
export interface UpstreamScopeSeen {
  readonly organization: string | null;
  readonly project: string | null;
}
