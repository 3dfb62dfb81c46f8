'use client';

import { type Connection, type FileRow, LIMITS } from '@espejo/contracts';
import { FacetFilter } from '@espejo/ui/blocks/facet-filter';
import { SearchInput } from '@espejo/ui/blocks/search-input';
import type { UseQueryStatesReturn } from 'nuqs';
import { ColumnChooser } from '#components/data-table/column-chooser.tsx';
import type { ListColumns } from '#components/data-table/setup.ts';
import { SortMenu } from '#components/data-table/sort-menu.tsx';
import type { ColumnChoice } from '#components/data-table/use-columns.ts';
import { FacetRow } from '#components/facet-row.tsx';
import { filesSearchParams } from '../search-params.ts';

type Params = UseQueryStatesReturn<typeof filesSearchParams>;

/** The purposes that OpenAI documents; a further purpose is offered once a loaded file has it. */
const PURPOSES = [
  'assistants',
  'user_data',
  'batch',
  'batch_output',
  'fine-tune',
  'fine-tune-results',
  'vision',
  'evals',
];

interface FilesToolbarProps {
  readonly params: Params[0];
  readonly setParams: Params[1];
  readonly loadedPurposes: readonly Pick<FileRow, 'purpose'>[];
  readonly connections: readonly Connection[] | undefined;
  readonly columns: ListColumns<FileRow>;
  readonly choice: ColumnChoice;
}

export function FilesToolbar({ params, setParams, loadedPurposes, connections, columns, choice }: FilesToolbarProps) {
  const purposes = new Set([...PURPOSES, ...loadedPurposes.map((file) => file.purpose)]);
  return (
    <div role="toolbar" aria-label="Filter files" className="flex flex-wrap items-center gap-2">
      <SearchInput
        value={params.q}
        onValueChange={(q) => void setParams({ q })}
        label="Search files"
        placeholder="File name or id"
        maxLength={LIMITS.searchTextMax}
        className="w-full md:w-64"
      />
      <FacetRow>
        <FacetFilter
          label="Orphan"
          value={params.orphan}
          options={[
            { value: 'true', label: 'Orphans' },
            { value: 'false', label: 'Not orphans' },
          ]}
          onValueChange={(value) =>
            void setParams({ orphan: value === null ? null : filesSearchParams.orphan.parse(value) })
          }
        />
        <FacetFilter
          label="Purpose"
          value={params.purpose}
          options={[...purposes].map((purpose) => ({ value: purpose, label: purpose }))}
          onValueChange={(purpose) => void setParams({ purpose })}
        />
        {(connections?.length ?? 0) > 1 || params.connection !== null ? (
          <FacetFilter
            label="Connection"
            value={params.connection}
            options={(connections ?? []).map(({ id, name, fileCount }) => ({
              value: id,
              label: name,
              count: fileCount,
            }))}
            onValueChange={(connection) => void setParams({ connection })}
          />
        ) : null}
        <div className="ml-auto flex shrink-0 gap-2">
          <SortMenu
            columns={columns}
            sort={{ key: params.sort, order: params.order }}
            onSortChange={(key, order) =>
              void setParams({ sort: filesSearchParams.sort.parse(key) ?? 'createdAt', order })
            }
          />
          <ColumnChooser columns={columns} choice={choice} />
        </div>
      </FacetRow>
    </div>
  );
}
