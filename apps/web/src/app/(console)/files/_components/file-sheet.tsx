'use client';

import type { FileDetail } from '@espejo/contracts';
import { CopyButton } from '@espejo/ui/blocks/copy-button';
import { Fact, Facts } from '@espejo/ui/blocks/facts';
import { Sheet, SheetContent, SheetDescription, SheetHeader, SheetTitle } from '@espejo/ui/ui/sheet';
import { Skeleton } from '@espejo/ui/ui/skeleton';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { FileStatus, OrphanMark } from '#components/badges.tsx';
import { FileExpiryCell } from '#components/expiry.tsx';
import { JsonBlock } from '#components/json-block.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { StoreName, shortId } from '#components/store-name.tsx';
import { StoreOrigin } from '#components/store-origin.tsx';
import { Time } from '#components/time.tsx';
import { fileQuery } from '#lib/api/files.ts';
import { formatBytes, formatExactBytes } from '#lib/format/bytes.ts';
import { formatCount } from '#lib/format/count.ts';
import { ORPHAN_LABELS } from '#lib/labels/common.ts';

/** One file with every store it is attached to. Its id is in the URL, so the view can be shared. */
export function FileSheet({ id, onClose }: { id: string | null; onClose: () => void }) {
  const file = useQuery({ ...fileQuery(id ?? ''), enabled: id !== null });
  return (
    <Sheet open={id !== null} onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <SheetContent className="w-full gap-0 overflow-y-auto sm:max-w-lg">
        <SheetHeader className="pr-12">
          <SheetTitle className="break-all">
            <bdi>{file.data?.filename ?? 'File'}</bdi>
          </SheetTitle>
          <SheetDescription className="flex items-center gap-0.5 font-mono text-xs break-all">
            {id}
            {id === null ? null : <CopyButton value={id} label="Copy file id" />}
          </SheetDescription>
        </SheetHeader>
        <div className="px-4 pb-6">
          {file.data !== undefined ? (
            <FileFacts file={file.data} />
          ) : file.isError ? (
            <ErrorState title="The file could not be loaded" error={file.error} onRetry={() => void file.refetch()} />
          ) : (
            <div role="status" className="flex flex-col gap-3">
              <span className="sr-only">Loading the file</span>
              <Skeleton className="h-4 w-3/4" />
              <Skeleton className="h-4 w-1/2" />
              <Skeleton className="h-4 w-2/3" />
            </div>
          )}
        </div>
      </SheetContent>
    </Sheet>
  );
}

function FileFacts({ file }: { file: FileDetail }) {
  return (
    <>
      <Facts>
        <Fact label="Source">
          <StoreOrigin source={file.source} connectionId={file.connectionId} />
        </Fact>
        <Fact label="Use">
          <OrphanMark orphan={file.orphan} />
          <p className="text-muted-foreground mt-1 text-pretty">{ORPHAN_LABELS[file.orphan].detail}</p>
        </Fact>
        <Fact label="Size">
          {formatBytes(file.bytes)} <span className="text-muted-foreground">({formatExactBytes(file.bytes)})</span>
        </Fact>
        <Fact label="Purpose">{file.purpose}</Fact>
        {file.status === null ? null : (
          <Fact label="Status">
            <FileStatus status={file.status} />
          </Fact>
        )}
        <Fact label="Created">
          <Time at={file.createdAt} />
        </Fact>
        <Fact label="Expires">
          <FileExpiryCell expiresAt={file.expiresAt} />
        </Fact>
        {file.lastSyncedAt === null ? null : (
          <Fact label="As of">
            <Time at={file.lastSyncedAt} />
          </Fact>
        )}
        {file.missingSince === null ? null : (
          <Fact label="Missing since">
            <Time at={file.missingSince} />
          </Fact>
        )}
        {file.extra === null ? null : (
          <Fact label="Other fields">
            <JsonBlock label="Other fields" value={file.extra} />
          </Fact>
        )}
      </Facts>
      <h3 className="mt-4 mb-1 font-medium">
        Attached to <span className="text-muted-foreground tabular-nums">{formatCount(file.attachedTo.length)}</span>
      </h3>
      {file.attachedTo.length === 0 ? (
        <p className="text-muted-foreground">The file is not attached to any vector store.</p>
      ) : (
        <ul className="divide-y">
          {file.attachedTo.map((store) => (
            <li key={store.vectorStoreId} className="flex items-center gap-3 py-1.5">
              <Link
                href={`/stores/${encodeURIComponent(store.vectorStoreId)}`}
                className="text-brand min-w-0 truncate underline-offset-2 hover:underline"
              >
                <StoreName name={store.vectorStoreName} />
              </Link>
              <span className="text-muted-foreground font-mono text-xs">{shortId(store.vectorStoreId)}</span>
              <span className="ml-auto">
                <FileStatus status={store.status} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
