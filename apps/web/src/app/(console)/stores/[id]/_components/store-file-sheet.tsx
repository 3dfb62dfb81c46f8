'use client';

import type { StoreFile } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { CopyButton } from '@espejo/ui/blocks/copy-button';
import { Fact, Facts } from '@espejo/ui/blocks/facts';
import { Sheet, SheetContent, SheetDescription, SheetHeader, SheetTitle } from '@espejo/ui/ui/sheet';
import Link from 'next/link';
import { FileStatus } from '#components/badges.tsx';
import { FileName } from '#components/file-name.tsx';
import { JsonBlock } from '#components/json-block.tsx';
import { PairList } from '#components/pair-list.tsx';
import { Time } from '#components/time.tsx';
import { formatBytes, formatExactBytes } from '#lib/format/bytes.ts';
import { NONE } from '#lib/format/count.ts';
import { errorText } from '../file-error.ts';
import { OwnFileSection } from './own-file-section.tsx';

/** All fields of one attachment. */
export function StoreFileSheet({
  file,
  isPrimary,
  onClose,
}: {
  file: StoreFile | null;
  /** The store is primary: the attachment can be edited. */
  isPrimary: boolean;
  onClose: () => void;
}) {
  return (
    <Sheet open={file !== null} onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <SheetContent className="w-full gap-0 overflow-y-auto sm:max-w-lg">
        {file === null ? null : <FileFacts key={file.id} file={file} isPrimary={isPrimary} onGone={onClose} />}
      </SheetContent>
    </Sheet>
  );
}

function FileFacts({ file, isPrimary, onGone }: { file: StoreFile; isPrimary: boolean; onGone: () => void }) {
  const error = errorText(file.lastError);
  return (
    <>
      <SheetHeader className="pr-12">
        <SheetTitle className="break-all">
          {file.filename === null ? <FileName name={null} /> : <bdi dir="auto">{file.filename}</bdi>}
        </SheetTitle>
        <SheetDescription className="flex items-center gap-0.5 font-mono text-xs break-all">
          {file.id}
          <CopyButton value={file.id} label="Copy file id" />
        </SheetDescription>
      </SheetHeader>
      <div className="flex flex-col gap-3 px-4 pb-6">
        {error === null ? null : (
          <Banner tone="danger" title="Not indexed." role="note">
            {error}
          </Banner>
        )}
        {file.gaps === null ? null : (
          <Banner tone="warning" title="Read with gaps." role="note">
            <p>The rest of the file is indexed. What could not be read:</p>
            <ul className="list-disc pl-4">
              {file.gaps.map((gap) => (
                <li key={gap}>{gap}</li>
              ))}
            </ul>
          </Banner>
        )}
        {file.isGhost ? (
          <Banner tone="warning" title="A ghost." role="note">
            The store still lists this file, but it is deleted from the project. Detach it in the OpenAI project.
          </Banner>
        ) : null}
        <Facts>
          <Fact label="Status">
            <FileStatus status={file.status} />
          </Fact>
          <Fact label="Attached">{file.createdAt === 0 ? NONE : <Time at={file.createdAt} />}</Fact>
          <Fact label="Size">
            {formatBytes(file.bytes)} <span className="text-muted-foreground">({formatExactBytes(file.bytes)})</span>
          </Fact>
          <Fact label="Indexed size">
            {file.usageBytes === null ? NONE : `${formatBytes(file.usageBytes)} (${formatExactBytes(file.usageBytes)})`}
          </Fact>
          <Fact label="Purpose">{file.purpose ?? NONE}</Fact>
          {file.missingSince === null ? null : (
            <Fact label="Missing since">
              <Time at={file.missingSince} />
            </Fact>
          )}
          {isPrimary ? null : (
            <Fact label="Attributes">
              <PairList pairs={file.attributes} />
            </Fact>
          )}
          <Fact label="Chunking">
            {file.chunkingStrategy === null ? NONE : <JsonBlock label="Chunking" value={file.chunkingStrategy} />}
          </Fact>
          {file.extra === null ? null : (
            <Fact label="Other fields">
              <JsonBlock label="Other fields" value={file.extra} />
            </Fact>
          )}
        </Facts>
        {isPrimary ? <OwnFileSection storeId={file.vectorStoreId} file={file} onGone={onGone} /> : null}
        <Link
          href={`/files?q=${encodeURIComponent(file.id)}`}
          className="text-brand w-fit underline underline-offset-2"
        >
          Other stores with this file
        </Link>
      </div>
    </>
  );
}
