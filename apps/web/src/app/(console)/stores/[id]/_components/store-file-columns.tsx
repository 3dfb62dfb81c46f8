'use client';

import type { StoreFile } from '@espejo/contracts';
import { CopyButton } from '@espejo/ui/blocks/copy-button';
import { createColumnHelper } from '@tanstack/react-table';
import { FileStatus, GhostBadge, MissingBadge } from '#components/badges.tsx';
import type { ListColumns, ListFeatures } from '#components/data-table/setup.ts';
import { FileName } from '#components/file-name.tsx';
import { pairText } from '#components/pair-list.tsx';
import { Size } from '#components/size.tsx';
import { tailOfId } from '#components/store-name.tsx';
import { Time } from '#components/time.tsx';
import { NONE } from '#lib/format/count.ts';
import { errorText } from '../file-error.ts';

const helper = createColumnHelper<ListFeatures, StoreFile>();

/** The columns of a store's files. A row opens the file's details. */
export function storeFileColumns(onOpen: (file: StoreFile) => void): ListColumns<StoreFile> {
  return [
    helper.display({
      id: 'filename',
      header: 'File',
      meta: { label: 'File', widthPx: 240, isFlexible: true, priority: Number.POSITIVE_INFINITY },
      cell: ({ row: { original: file } }) => (
        <div className="flex min-w-0 items-center gap-2">
          <button
            type="button"
            data-row-link=""
            onClick={() => onOpen(file)}
            className="min-w-0 shrink truncate text-left font-medium outline-none after:absolute after:inset-0 focus-visible:underline"
          >
            <FileName name={file.filename} />
          </button>
          {file.isGhost ? <GhostBadge /> : null}
          {file.missingSince === null ? null : <MissingBadge />}
          <span className="text-muted-foreground flex shrink-0 items-center font-mono text-xs">
            <span data-hint={file.id} className="relative z-10">
              {tailOfId(file.id)}
            </span>
            <CopyButton
              value={file.id}
              label={`Copy id ${file.id}`}
              className="w-0 overflow-hidden opacity-0 group-hover/row:w-6 group-hover/row:opacity-100 focus-visible:w-6 focus-visible:opacity-100"
            />
          </span>
        </div>
      ),
    }),
    helper.display({
      id: 'status',
      header: 'Status',
      meta: { label: 'Status', widthPx: 200, priority: 90 },
      cell: ({ row: { original: file } }) => {
        const error = errorText(file.lastError);
        return (
          <span className="flex min-w-0 gap-1.5">
            <FileStatus status={file.status} />
            {file.gaps === null ? null : (
              <span data-hint={file.gaps.join('\n')} className="text-warning relative z-10 shrink-0">
                Read with gaps
              </span>
            )}
            {error === null ? null : (
              <span data-hint={error} className="text-muted-foreground relative z-10 truncate">
                {error}
              </span>
            )}
          </span>
        );
      },
    }),
    helper.display({
      id: 'bytes',
      header: 'Size',
      meta: { label: 'Size', widthPx: 84, align: 'end', priority: 80 },
      cell: ({ row: { original: file } }) => <Size bytes={file.bytes} />,
    }),
    helper.display({
      id: 'usageBytes',
      header: 'Indexed',
      meta: { label: 'Indexed', widthPx: 84, align: 'end', priority: 50 },
      cell: ({ row: { original: file } }) => <Size bytes={file.usageBytes} />,
    }),
    helper.display({
      id: 'attributes',
      header: 'Attributes',
      meta: { label: 'Attributes', widthPx: 240, priority: 60 },
      cell: ({ row: { original: file } }) => <Attributes attributes={file.attributes} />,
    }),
    helper.display({
      id: 'createdAt',
      header: 'Attached',
      meta: { label: 'Attached', widthPx: 124, align: 'end', priority: 40 },
      // Upstream sends zero for a file of a batch that it has not processed yet.
      cell: ({ row: { original: file } }) =>
        file.createdAt === 0 ? <span className="text-muted-foreground">{NONE}</span> : <Time at={file.createdAt} />,
    }),
  ];
}

function Attributes({ attributes }: { attributes: StoreFile['attributes'] }) {
  const pairs = Object.entries(attributes ?? {});
  if (pairs.length === 0) return <span className="text-muted-foreground">{NONE}</span>;
  const text = pairs.map(([key, value]) => `${key}=${pairText(value)}`);
  return (
    <span data-hint={text.join('\n')} className="relative z-10 font-mono text-xs">
      {text.join(' ')}
    </span>
  );
}
