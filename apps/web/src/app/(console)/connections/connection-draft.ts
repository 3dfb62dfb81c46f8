import type { Connection, CreateConnectionBody, TestConnectionBody, UpdateConnectionBody } from '@espejo/contracts';

/** The fields of the connection form, as typed. */
export interface ConnectionDraft {
  readonly name: string;
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly organization: string;
  readonly project: string;
  readonly syncCron: string;
  readonly isSyncEnabled: boolean;
  readonly removalGraceMinutes: string;
  readonly concurrency: string;
}

/** The error of each field, by its name in the request. */
export type FieldErrors = Readonly<Partial<Record<string, string>>>;

export const NEW_CONNECTION: ConnectionDraft = {
  name: '',
  baseUrl: 'https://api.openai.com/v1',
  apiKey: '',
  organization: '',
  project: '',
  syncCron: '*/5 * * * *',
  isSyncEnabled: true,
  removalGraceMinutes: '60',
  concurrency: '8',
};

/** The initial form of a saved connection. The stored key is not available here; an empty field keeps it. */
export function draftOf(connection: Connection): ConnectionDraft {
  return {
    name: connection.name,
    baseUrl: connection.baseUrl,
    apiKey: '',
    organization: connection.organization ?? '',
    project: connection.project ?? '',
    syncCron: connection.syncCron,
    isSyncEnabled: connection.isSyncEnabled,
    removalGraceMinutes: String(connection.removalGraceSeconds / 60),
    concurrency: String(connection.concurrency),
  };
}

export function toCreateBody(draft: ConnectionDraft): CreateConnectionBody {
  return {
    name: draft.name,
    ...toTestBody(draft),
    syncCron: draft.syncCron.trim(),
    isSyncEnabled: draft.isSyncEnabled,
    removalGraceSeconds: toSeconds(draft.removalGraceMinutes),
    concurrency: Number(draft.concurrency),
  };
}

/** Only the fields that differ: the API resets the health of a connection whose base URL or key is sent. */
export function toUpdateBody(before: ConnectionDraft, after: ConnectionDraft): UpdateConnectionBody {
  const body: UpdateConnectionBody = {};
  if (after.name.trim() !== before.name) body.name = after.name.trim();
  if (after.baseUrl.trim() !== before.baseUrl) body.baseUrl = after.baseUrl.trim();
  if (after.apiKey.trim() !== '') body.apiKey = after.apiKey.trim();
  if (after.organization.trim() !== before.organization) body.organization = after.organization.trim() || null;
  if (after.project.trim() !== before.project) body.project = after.project.trim() || null;
  if (after.syncCron.trim() !== before.syncCron) body.syncCron = after.syncCron.trim();
  if (after.isSyncEnabled !== before.isSyncEnabled) body.isSyncEnabled = after.isSyncEnabled;
  if (after.removalGraceMinutes !== before.removalGraceMinutes) {
    body.removalGraceSeconds = toSeconds(after.removalGraceMinutes);
  }
  if (after.concurrency !== before.concurrency) body.concurrency = Number(after.concurrency);
  return body;
}

/** The body that "Test connection" sends for unsaved values. */
export function toTestBody(draft: ConnectionDraft): TestConnectionBody {
  return {
    baseUrl: draft.baseUrl.trim(),
    apiKey: draft.apiKey.trim(),
    organization: draft.organization.trim() || null,
    project: draft.project.trim() || null,
  };
}

/** Whether the form differs from the saved connection, so that a test must use the values of the form. */
export function differsFromSaved(before: ConnectionDraft, after: ConnectionDraft): boolean {
  return after.apiKey.trim() !== '' || hasOtherAddress(before, after);
}

/**
 * Whether the base URL, organization or project differs from the saved connection. The API then requires the key
 * again, so that the stored key is never sent to another server.
 */
export function hasOtherAddress(before: ConnectionDraft, after: ConnectionDraft): boolean {
  return (
    after.baseUrl.trim() !== before.baseUrl ||
    after.organization.trim() !== before.organization ||
    after.project.trim() !== before.project
  );
}

/** Whole seconds; minutes may have a fraction. NaN is returned as it is, and the schema rejects it. */
function toSeconds(minutes: string): number {
  return minutes.trim() === '' ? Number.NaN : Math.round(Number(minutes) * 60);
}
