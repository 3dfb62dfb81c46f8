'use client';

import type { StoreFile } from '@espejo/contracts';
import { FileStatus, GhostBadge, MissingBadge } from '#components/badges.tsx';
import { FileName } from '#components/file-name.tsx';
import { Size } from '#components/size.tsx';
import { shortId } from '#components/store-name.tsx';

/** A file of a store on a narrow screen. */
export function StoreFileCard({ file, onOpen }: { file: StoreFile; onOpen: (file: StoreFile) => void }) {
  return (
    <article className="active:bg-accent/60 relative flex h-full flex-col justify-center gap-1 px-4">
      <div className="flex items-baseline gap-2">
        <button
          type="button"
          onClick={() => onOpen(file)}
          data-row-link=""
          className="min-w-0 truncate text-left text-sm font-medium outline-none after:absolute after:inset-0 focus-visible:underline"
        >
          <FileName name={file.filename} />
        </button>
        <span className="text-muted-foreground ml-auto shrink-0 font-mono text-xs">{shortId(file.id)}</span>
      </div>
      <div className="flex items-center gap-2 text-xs">
        <FileStatus status={file.status} />
        {file.isGhost ? <GhostBadge /> : null}
        {file.missingSince === null ? null : <MissingBadge />}
        <span className="text-muted-foreground ml-auto">
          <Size bytes={file.bytes} />
        </span>
      </div>
    </article>
  );
}
