import { type GuardrailSettings, UpdateGuardrailsBody } from '@espejo/contracts';

const MB = 1_000_000;

/** The fields of the form, as typed; an empty field means no limit. */
export interface GuardrailDraft {
  readonly duplicateFilenames: GuardrailSettings['duplicateFilenames'];
  readonly duplicateStoreNames: GuardrailSettings['duplicateStoreNames'];
  readonly filesOfDeletedStores: GuardrailSettings['filesOfDeletedStores'];
  readonly unattachedFiles: GuardrailSettings['unattachedFiles'];
  /** One per line; empty: all types are allowed. */
  readonly types: string;
  readonly fileMb: string;
  readonly filesPerStore: string;
  readonly stores: string;
  readonly totalMb: string;
}

export function guardrailDraftOf(settings: GuardrailSettings): GuardrailDraft {
  const limit = (value: number | null) => (value === null ? '' : String(value));
  return {
    duplicateFilenames: settings.duplicateFilenames,
    duplicateStoreNames: settings.duplicateStoreNames,
    filesOfDeletedStores: settings.filesOfDeletedStores,
    unattachedFiles: settings.unattachedFiles,
    types: (settings.allowedMimeTypes ?? []).join('\n'),
    fileMb: String(settings.fileBytesMax / MB),
    filesPerStore: limit(settings.filesPerStoreMax),
    stores: limit(settings.storesMax),
    totalMb: settings.totalBytesMax === null ? '' : String(settings.totalBytesMax / MB),
  };
}

export type CheckedGuardrails =
  | { readonly ok: true; readonly body: UpdateGuardrailsBody }
  | { readonly ok: false; readonly field: string; readonly reason: string };

/** The settings in the form, or the first invalid field with its reason. */
export function toGuardrails(draft: GuardrailDraft): CheckedGuardrails {
  const types = draft.types
    .split(/[\n,]/)
    .map((type) => type.trim())
    .filter((type) => type !== '');
  const bytes = (mb: string) => Math.round(Number(mb) * MB);
  const limit = (text: string, read: (text: string) => number) => (text.trim() === '' ? null : read(text));
  const checked = UpdateGuardrailsBody.safeParse({
    duplicateFilenames: draft.duplicateFilenames,
    duplicateStoreNames: draft.duplicateStoreNames,
    filesOfDeletedStores: draft.filesOfDeletedStores,
    unattachedFiles: draft.unattachedFiles,
    allowedMimeTypes: types.length === 0 ? null : types,
    fileBytesMax: bytes(draft.fileMb),
    filesPerStoreMax: limit(draft.filesPerStore, Number),
    storesMax: limit(draft.stores, Number),
    totalBytesMax: limit(draft.totalMb, bytes),
  });
  if (checked.success) return { ok: true, body: checked.data };
  const issue = checked.error.issues[0];
  return { ok: false, field: String(issue?.path[0] ?? ''), reason: issue?.message ?? 'Not valid' };
}
