'use client';

import { type AuditEvent, AuditKind, LIMITS } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { FacetFilter } from '@espejo/ui/blocks/facet-filter';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { SearchInput } from '@espejo/ui/blocks/search-input';
import { Button } from '@espejo/ui/ui/button';
import { useInfiniteQuery } from '@tanstack/react-query';
import { DownloadIcon, ScrollTextIcon, SearchXIcon } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useMemo, useState } from 'react';
import { Restricted } from '#components/access/restricted.tsx';
import { DataTable } from '#components/data-table/data-table.tsx';
import { FacetRow } from '#components/facet-row.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { auditExportUrl, auditQuery } from '#lib/api/audit.ts';
import { useInfiniteRows } from '#lib/hooks/use-infinite-rows.ts';
import { useValidParams } from '#lib/hooks/use-valid-params.ts';
import { AuditCard, auditColumns } from './_components/audit-columns.tsx';
import { AuditSheet } from './_components/audit-sheet.tsx';
import { auditSearchParams } from './search-params.ts';

const idOf = (event: AuditEvent) => event.id;
const CARD_HEIGHT_PX = 84;
const KINDS = AuditKind.options.map((value) => ({
  value,
  label: value === 'access' ? 'denied' : value.replaceAll('_', ' '),
}));

/** The audit log. An entry is written in one transaction with its change and is never edited. */
export function AuditClient() {
  return (
    <Restricted needs="manage" title="Only admins can see the audit" isPageTitle>
      <Audit />
    </Restricted>
  );
}

function Audit() {
  useValidParams(auditSearchParams);
  const [params, setParams] = useQueryStates(auditSearchParams);
  const view = useMemo(() => ({ q: params.q || undefined, kind: params.kind ?? undefined }), [params.q, params.kind]);
  const isFiltered = view.q !== undefined || view.kind !== undefined;
  const events = useInfiniteQuery(auditQuery(view));
  const list = useInfiniteRows(events, idOf);
  const [opened, setOpened] = useState<AuditEvent | null>(null);
  const columns = useMemo(() => auditColumns(setOpened), []);
  return (
    <div className="flex min-h-full flex-col md:h-full">
      <div className="flex flex-col gap-3 px-4 pt-4 pb-3">
        <PageHeader
          title="Audit"
          description="Every change and every denied request, with its principal. Kept for 13 months."
          actions={
            <Button asChild size="sm" variant="outline">
              <a href={auditExportUrl(view)} download>
                <DownloadIcon />
                Export
              </a>
            </Button>
          }
        />
        <div role="toolbar" aria-label="Filter the audit" className="flex flex-wrap items-center gap-2">
          <SearchInput
            value={params.q}
            onValueChange={(q) => void setParams({ q })}
            label="Search the audit"
            placeholder="Id or action"
            maxLength={LIMITS.searchTextMax}
            className="w-full md:w-64"
          />
          <FacetRow>
            <FacetFilter
              label="About"
              value={params.kind}
              options={KINDS}
              onValueChange={(kind) =>
                void setParams({ kind: kind === null ? null : auditSearchParams.kind.parse(kind) })
              }
            />
          </FacetRow>
        </div>
      </div>
      {events.isPending ? (
        <LoadingRows label="Loading the audit" />
      ) : events.isError && list.rows.length === 0 ? (
        <ErrorState title="The audit could not be loaded" error={events.error} onRetry={() => void events.refetch()} />
      ) : list.rows.length === 0 ? (
        <EmptyState
          icon={isFiltered ? SearchXIcon : ScrollTextIcon}
          title={isFiltered ? 'No entry matches' : 'No entries yet'}
        />
      ) : (
        <DataTable
          label="Audit"
          noun="entry"
          nouns="entries"
          list={list}
          columns={columns}
          rowId={idOf}
          renderCard={(event) => <AuditCard event={event} onOpen={setOpened} />}
          cardHeightPx={CARD_HEIGHT_PX}
          viewKey={JSON.stringify(view)}
        />
      )}
      <AuditSheet event={opened} onClose={() => setOpened(null)} />
    </div>
  );
}
