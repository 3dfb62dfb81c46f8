import type { ListAuditQuery } from '@espejo/contracts';
import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { api } from './client.ts';
import { keysetPaging } from './pages.ts';

const PAGE_SIZE = 100;

export type AuditView = Pick<ListAuditQuery, 'q' | 'kind'>;

/** The audit entries, newest first. */
export const auditQuery = (view: AuditView) =>
  infiniteQueryOptions({
    queryKey: ['audit', view],
    queryFn: ({ pageParam, signal }) =>
      api('listAuditEvents', { query: { ...view, limit: PAGE_SIZE, cursor: pageParam }, signal }),
    ...keysetPaging,
    placeholderData: keepPreviousData,
  });

/** The URL of the export: all matching entries, one JSON object per line. */
export function auditExportUrl({ q, kind }: AuditView): string {
  const query = new URLSearchParams({ ...(q && { q }), ...(kind && { kind }) }).toString();
  return `/api/audit-events/export${query === '' ? '' : `?${query}`}`;
}
