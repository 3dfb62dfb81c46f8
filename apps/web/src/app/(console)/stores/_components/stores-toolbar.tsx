'use client';

import type { Connection, VectorStore, VectorStoreFacets } from '@espejo/contracts';
import { LIMITS } from '@espejo/contracts';
import { FacetFilter, type FacetOption } from '@espejo/ui/blocks/facet-filter';
import { SearchInput } from '@espejo/ui/blocks/search-input';
import type { UseQueryStatesReturn } from 'nuqs';
import { ColumnChooser } from '#components/data-table/column-chooser.tsx';
import type { ListColumns } from '#components/data-table/setup.ts';
import { SortMenu } from '#components/data-table/sort-menu.tsx';
import type { ColumnChoice } from '#components/data-table/use-columns.ts';
import { FacetRow } from '#components/facet-row.tsx';
import { SOURCE_LABELS, storeStatusLabel } from '#lib/labels/common.ts';
import { storesSearchParams } from '../search-params.ts';

type Params = UseQueryStatesReturn<typeof storesSearchParams>;

interface StoresToolbarProps {
  readonly params: Params[0];
  readonly setParams: Params[1];
  readonly facets: VectorStoreFacets | undefined;
  readonly connections: readonly Connection[] | undefined;
  readonly columns: ListColumns<VectorStore>;
  readonly choice: ColumnChoice;
}

/** Search, facets, order and columns of the stores list; all but the columns are kept only in the URL. */
export function StoresToolbar({ params, setParams, facets, connections, columns, choice }: StoresToolbarProps) {
  return (
    <div role="toolbar" aria-label="Filter vector stores" className="flex flex-wrap items-center gap-2">
      <SearchInput
        value={params.q}
        onValueChange={(q) => void setParams({ q })}
        label="Search vector stores"
        placeholder="Name, description or id"
        maxLength={LIMITS.searchTextMax}
        className="w-full md:w-64"
      />
      <FacetRow>
        <FacetFilter
          label="Source"
          value={params.source}
          options={(['primary', 'cache'] as const).map((value) => ({
            value,
            label: SOURCE_LABELS[value],
            count: facets && (facets.source[value] ?? 0),
          }))}
          onValueChange={(value) =>
            void setParams({ source: value === null ? null : storesSearchParams.source.parse(value) })
          }
        />
        <FacetFilter
          label="Status"
          value={params.status}
          options={statusOptions(facets, params.status)}
          onValueChange={(status) => void setParams({ status })}
        />
        <FacetFilter
          label="Expiry"
          value={params.expiring}
          options={EXPIRY_OPTIONS}
          onValueChange={(value) =>
            void setParams({ expiring: value === null ? null : storesSearchParams.expiring.parse(value) })
          }
        />
        {(connections?.length ?? 0) > 1 || params.connection !== null ? (
          <FacetFilter
            label="Connection"
            value={params.connection}
            options={(connections ?? []).map((connection) => ({
              value: connection.id,
              label: connection.name,
              count: facets && (facets.connectionId[connection.id] ?? 0),
            }))}
            onValueChange={(connection) => void setParams({ connection })}
          />
        ) : null}
        <div className="ml-auto flex shrink-0 gap-2">
          <SortMenu
            columns={columns}
            sort={{ key: params.sort, order: params.order }}
            onSortChange={(key, order) =>
              void setParams({ sort: storesSearchParams.sort.parse(key) ?? 'createdAt', order })
            }
          />
          <ColumnChooser columns={columns} choice={choice} />
        </div>
      </FacetRow>
    </div>
  );
}

const EXPIRY_OPTIONS: readonly FacetOption[] = [
  { value: 'soon', label: 'Expiring soon' },
  { value: 'expired', label: 'Has expired' },
];

/** The statuses that occur, known ones first, plus the chosen one even when no store has it. */
function statusOptions(facets: VectorStoreFacets | undefined, chosen: string | null): FacetOption[] {
  const known = ['completed', 'in_progress', 'expired'];
  const last = ['failed_files', 'missing', 'trashed'];
  const others = Object.keys(facets?.status ?? {}).filter(
    (status) => !known.includes(status) && !last.includes(status),
  );
  const values = [...known, ...others, ...last];
  if (chosen !== null && !values.includes(chosen)) values.push(chosen);
  return values.map((value) => ({
    value,
    label: storeStatusLabel(value).text,
    count: facets && countOf(facets, value),
  }));
}

/** `missing` and `failed_files` are no statuses of a store, so their counts are separate. */
function countOf(facets: VectorStoreFacets, value: string): number {
  if (value === 'missing') return facets.missing;
  if (value === 'failed_files') return facets.failedFiles;
  return facets.status[value] ?? 0;
}
