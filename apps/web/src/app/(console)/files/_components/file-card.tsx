'use client';

import type { FileRow } from '@espejo/contracts';
import { MissingBadge, OrphanMark } from '#components/badges.tsx';
import { FileExpiryCell } from '#components/expiry.tsx';
import { FileName } from '#components/file-name.tsx';
import { Size } from '#components/size.tsx';
import { shortId } from '#components/store-name.tsx';
import { plural } from '#lib/format/count.ts';

/** A file on a narrow screen. */
export function FileCard({ file, onOpen }: { file: FileRow; onOpen: (id: string) => void }) {
  return (
    <article className="active:bg-accent/60 relative flex h-full flex-col justify-center gap-1 px-4">
      <div className="flex items-baseline gap-2">
        <button
          type="button"
          onClick={() => onOpen(file.id)}
          data-row-link=""
          className="min-w-0 truncate text-left text-sm font-medium outline-none after:absolute after:inset-0 focus-visible:underline"
        >
          <FileName name={file.filename} />
        </button>
        <span className="text-muted-foreground ml-auto shrink-0 font-mono text-xs">{shortId(file.id)}</span>
      </div>
      <div className="flex items-center gap-1.5">
        <OrphanMark orphan={file.orphan} />
        {file.missingSince === null ? null : <MissingBadge />}
        <span className="text-muted-foreground ml-auto text-xs">{file.purpose}</span>
      </div>
      <div className="text-muted-foreground flex items-center gap-3 text-xs">
        <Size bytes={file.bytes} />
        <span>{file.attachmentCount === 0 ? 'in no store' : `in ${plural(file.attachmentCount, 'store')}`}</span>
        <span className="ml-auto">
          <FileExpiryCell expiresAt={file.expiresAt} isClause />
        </span>
      </div>
    </article>
  );
}
