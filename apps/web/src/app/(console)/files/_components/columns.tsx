'use client';

import type { FileRow } from '@espejo/contracts';
import { CopyButton } from '@espejo/ui/blocks/copy-button';
import { createColumnHelper } from '@tanstack/react-table';
import Link from 'next/link';
import { MissingBadge, OrphanMark } from '#components/badges.tsx';
import type { ListColumns, ListFeatures } from '#components/data-table/setup.ts';
import { FileExpiryCell } from '#components/expiry.tsx';
import { FileName } from '#components/file-name.tsx';
import { Size } from '#components/size.tsx';
import { StoreName, tailOfId } from '#components/store-name.tsx';
import { Time } from '#components/time.tsx';
import { formatCount } from '#lib/format/count.ts';

const helper = createColumnHelper<ListFeatures, FileRow>();

/** The columns of the files page. A row opens the file's details. */
export function fileColumns(onOpen: (id: string) => void): ListColumns<FileRow> {
  return [
    helper.display({
      id: 'filename',
      header: 'File',
      meta: {
        label: 'File',
        widthPx: 240,
        isFlexible: true,
        sortKey: 'filename',
        firstOrder: 'asc',
        priority: Number.POSITIVE_INFINITY,
      },
      cell: ({ row: { original: file } }) => (
        <div className="flex min-w-0 items-center gap-2">
          <button
            type="button"
            data-row-link=""
            onClick={() => onOpen(file.id)}
            className="min-w-0 shrink truncate text-left font-medium outline-none after:absolute after:inset-0 focus-visible:underline"
          >
            <FileName name={file.filename} />
          </button>
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
      id: 'attachedTo',
      header: 'Attached to',
      meta: { label: 'Attached to', widthPx: 220, priority: 90 },
      cell: ({ row: { original: file } }) => <Attachments file={file} onOpen={onOpen} />,
    }),
    helper.display({
      id: 'orphan',
      header: 'Use',
      meta: { label: 'Use', widthPx: 140, priority: 80 },
      cell: ({ row: { original: file } }) => <OrphanMark orphan={file.orphan} />,
    }),
    helper.display({
      id: 'bytes',
      header: 'Size',
      meta: { label: 'Size', widthPx: 84, align: 'end', sortKey: 'bytes', priority: 70 },
      cell: ({ row: { original: file } }) => <Size bytes={file.bytes} />,
    }),
    helper.display({
      id: 'purpose',
      header: 'Purpose',
      meta: { label: 'Purpose', widthPx: 112, priority: 60 },
      cell: ({ row: { original: file } }) => file.purpose,
    }),
    helper.display({
      id: 'expiresAt',
      header: 'Expires',
      meta: { label: 'Expires', widthPx: 104, priority: 40 },
      cell: ({ row: { original: file } }) => <FileExpiryCell expiresAt={file.expiresAt} />,
    }),
    helper.display({
      id: 'createdAt',
      header: 'Created',
      meta: { label: 'Created', widthPx: 124, align: 'end', sortKey: 'createdAt', priority: 50 },
      cell: ({ row: { original: file } }) => <Time at={file.createdAt} />,
    }),
  ];
}

/** The first store that the file is attached to, and the number of others. */
function Attachments({ file, onOpen }: { file: FileRow; onOpen: (id: string) => void }) {
  const [first] = file.attachedTo;
  if (first === undefined) return <span className="text-muted-foreground">no store</span>;
  const moreCount = file.attachmentCount - 1;
  return (
    <span className="flex min-w-0 items-baseline gap-1.5">
      <Link
        href={`/stores/${encodeURIComponent(first.vectorStoreId)}`}
        prefetch={false}
        data-hint={first.vectorStoreId}
        className="text-brand relative z-10 min-w-0 truncate underline-offset-2 hover:underline"
      >
        <StoreName name={first.vectorStoreName} />
      </Link>
      {moreCount > 0 ? (
        <button
          type="button"
          onClick={() => onOpen(file.id)}
          className="text-muted-foreground hover:text-foreground relative z-10 shrink-0 text-xs hover:underline"
        >
          +{formatCount(moreCount)} more
        </button>
      ) : null}
    </span>
  );
}
