import type { UpdateVectorStoreBody, VectorStoreDetail } from '@espejo/contracts';

export interface MetadataPair {
  /** A stable key for the row; not sent. */
  readonly rowId: number;
  readonly key: string;
  readonly value: string;
}

/** The fields of the edit form, as typed. */
export interface StoreDraft {
  readonly name: string;
  readonly description: string;
  readonly metadata: readonly MetadataPair[];
}

/** The initial state of the form. */
export function draftOf(store: Pick<VectorStoreDetail, 'name' | 'description' | 'metadata'>): StoreDraft {
  return {
    name: store.name ?? '',
    description: store.description ?? '',
    metadata: Object.entries(store.metadata ?? {}).map(([key, value], rowId) => ({
      rowId,
      key,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    })),
  };
}

/** The request that turns one draft into the other: only changed fields, empty text as null, empty pairs dropped. */
export function toUpdateBody(before: StoreDraft, after: StoreDraft): UpdateVectorStoreBody {
  const body: UpdateVectorStoreBody = {};
  if (before.name.trim() !== after.name.trim()) body.name = after.name.trim() || null;
  if (before.description.trim() !== after.description.trim()) body.description = after.description.trim() || null;
  const metadata = toMap(after.metadata);
  if (JSON.stringify(toMap(before.metadata)) !== JSON.stringify(metadata)) body.metadata = metadata;
  return body;
}

function toMap(pairs: readonly MetadataPair[]): Record<string, string> {
  return Object.fromEntries(
    pairs.filter((pair) => pair.key.trim() !== '').map((pair) => [pair.key.trim(), pair.value]),
  );
}
