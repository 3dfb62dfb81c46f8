'use client';

import type { FileRow } from '@espejo/contracts';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useCallback, useMemo } from 'react';
import { AsOf } from '#components/as-of.tsx';
import { DataTable } from '#components/data-table/data-table.tsx';
import { useColumnChoice } from '#components/data-table/use-columns.ts';
import { ErrorState } from '#components/states/error-state.tsx';
import { FreshnessBanners } from '#components/states/freshness-banners.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { connectionsQuery } from '#lib/api/connections.ts';
import { filesQuery } from '#lib/api/files.ts';
import { plural } from '#lib/format/count.ts';
import { useInfiniteRows } from '#lib/hooks/use-infinite-rows.ts';
import { useValidParams } from '#lib/hooks/use-valid-params.ts';
import { fileColumns } from './_components/columns.tsx';
import { FileCard } from './_components/file-card.tsx';
import { FileSheet } from './_components/file-sheet.tsx';
import { FilesEmpty } from './_components/files-empty.tsx';
import { FilesToolbar } from './_components/files-toolbar.tsx';
import { OrphanBanner } from './_components/orphan-banner.tsx';
import { filesSearchParams } from './search-params.ts';

const idOf = (file: FileRow) => file.id;
const CARD_HEIGHT_PX = 92;

export function FilesClient() {
  useValidParams(filesSearchParams);
  const queryClient = useQueryClient();
  const [params, setParams] = useQueryStates(filesSearchParams);
  const filter = useMemo(
    () => ({
      orphan: params.orphan ?? undefined,
      purpose: params.purpose ?? undefined,
      connectionId: params.connection ?? undefined,
      q: params.q || undefined,
    }),
    [params.orphan, params.purpose, params.connection, params.q],
  );
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const files = useInfiniteQuery(filesQuery({ ...filter, sort: params.sort, order: params.order }));
  const connections = useQuery(connectionsQuery);
  const list = useInfiniteRows(files, idOf);
  const report = files.data?.pages[0];

  const open = useCallback((id: string) => void setParams({ file: id }), [setParams]);
  const columns = useMemo(() => fileColumns(open), [open]);
  const choice = useColumnChoice('files', columns);
  const refresh = () => void queryClient.resetQueries({ queryKey: ['files', 'list'] });
  const clearFilters = () => void setParams({ q: null, orphan: null, purpose: null, connection: null });

  return (
    <div className="flex min-h-full flex-col md:h-full">
      <div className="flex flex-col gap-3 px-4 pt-4 pb-3">
        <PageHeader
          title="Files"
          description={
            list.total === null ? (
              files.isPending ? (
                'Loading…'
              ) : (
                'Not loaded'
              )
            ) : (
              <>
                <span role="status">
                  {plural(list.total, 'file')}
                  {isFiltered ? (list.total === 1 ? ' matches' : ' match') : ''}
                </span>
                {list.asOf === null ? null : <AsOf at={list.asOf} onRefresh={refresh} />}
              </>
            )
          }
        />
        <FreshnessBanners connectionId={params.connection} />
        {report === undefined ? null : (
          <OrphanBanner
            orphanCount={report.orphanCount}
            orphanBytes={report.orphanBytes}
            isComplete={report.isOrphanReportComplete}
            isShowingOrphans={params.orphan === 'true'}
            onShowOrphans={() => void setParams({ orphan: 'true' })}
          />
        )}
        <FilesToolbar
          params={params}
          setParams={setParams}
          loadedPurposes={list.rows}
          connections={connections.data}
          columns={columns}
          choice={choice}
        />
      </div>
      {files.isPending ? (
        <LoadingRows label="Loading files" />
      ) : files.isError && list.rows.length === 0 ? (
        <ErrorState title="The files could not be loaded" error={files.error} onRetry={() => void files.refetch()} />
      ) : list.rows.length === 0 ? (
        <FilesEmpty
          isFiltered={isFiltered}
          isOrphanFilter={params.orphan === 'true'}
          hasNeverSynced={list.asOf === null}
          onClear={clearFilters}
        />
      ) : (
        <DataTable
          label="Files"
          noun="file"
          nouns="files"
          list={list}
          columns={columns}
          rowId={idOf}
          choice={choice}
          sort={{ key: params.sort, order: params.order }}
          onSortChange={(key, order) =>
            void setParams({ sort: filesSearchParams.sort.parse(key) ?? 'createdAt', order })
          }
          renderCard={(file) => <FileCard file={file} onOpen={open} />}
          cardHeightPx={CARD_HEIGHT_PX}
          viewKey={JSON.stringify([filter, params.sort, params.order])}
        />
      )}
      <FileSheet id={params.file} onClose={() => void setParams({ file: null })} />
    </div>
  );
}
