'use client';

import { ProgressBar } from '@espejo/ui/blocks/progress-bar';
import { cn } from '@espejo/ui/lib/utils';
import { Button } from '@espejo/ui/ui/button';
import { CircleAlertIcon, CircleCheckIcon, UploadIcon, XIcon } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { LimitNote } from '#components/limit-note.tsx';
import { Name } from '#components/name.tsx';
import { usePermission } from '#lib/access/use-permission.ts';
import { formatBytes } from '#lib/format/bytes.ts';
import { type UploadRow, uploadSummary } from '../upload-list.ts';
import { useUploads } from './use-uploads.ts';

/** Uploads files by drag and drop or by the picker, and shows the progress of each. */
export function UploadPanel({ storeId, fileCount }: { storeId: string; fileCount: number }) {
  const uploads = useUploads(storeId);
  const picker = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const may = usePermission('write', storeId);

  function onDrop(event: DragEvent): void {
    event.preventDefault();
    setIsOver(false);
    if (may.isAllowed) uploads.add([...event.dataTransfer.files]);
  }

  return (
    <section
      aria-label="Upload files"
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(may.isAllowed);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
      className={cn('grid gap-2 rounded-md border border-dashed px-3 py-2', isOver && 'border-brand bg-brand-soft')}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="grid min-w-0 flex-1 basis-56 gap-0.5">
          <p className="text-muted-foreground text-pretty">
            Drop files here: text, Markdown, code, HTML, PDF, Word, PowerPoint, Excel, EPUB.
          </p>
          <p className="flex flex-wrap gap-x-3 empty:hidden">
            <LimitNote name="filesPerStoreMax" used={fileCount} after="in this store" />
            <LimitNote name="totalBytesMax" after="in total" />
            <LimitNote name="ingestedTokensPerDayMax" after="today" />
          </p>
        </div>
        {uploads.rows.length > 0 && !uploads.isBusy ? (
          <Button variant="ghost" size="sm" onClick={uploads.clear}>
            Clear list
          </Button>
        ) : null}
        <PermissionButton
          needs="write"
          storeId={storeId}
          variant="outline"
          size="sm"
          onClick={() => picker.current?.click()}
        >
          <UploadIcon />
          Upload files…
        </PermissionButton>
        <input
          ref={picker}
          type="file"
          multiple
          tabIndex={-1}
          disabled={!may.isAllowed}
          aria-label="Files to upload"
          className="sr-only"
          onChange={(event) => {
            uploads.add([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
      </div>
      {uploads.rows.length === 0 ? null : (
        <>
          <p role="status" className="text-muted-foreground text-xs">
            {uploadSummary(uploads.rows)}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard. */}
          <ul aria-label="Uploads" tabIndex={0} className="grid max-h-48 gap-1 overflow-y-auto">
            {uploads.rows.map((row) => (
              <UploadLine key={row.rowId} row={row} onCancel={() => uploads.cancel(row.rowId)} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const STATE_WORDS: Readonly<Record<UploadRow['state'], string>> = {
  waiting: 'Waiting',
  sending: 'Sending',
  sent: 'Sent',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

function UploadLine({ row, onCancel }: { row: UploadRow; onCancel: () => void }) {
  const isOpen = row.state === 'waiting' || row.state === 'sending';
  const percent = `${Math.round(row.share * 100)} %`;
  return (
    <li className="grid grid-cols-[1fr_auto] items-center gap-x-3 gap-y-0.5">
      <span className="flex min-w-0 items-center gap-2">
        {row.state === 'sent' ? <CircleCheckIcon aria-hidden="true" className="text-success size-4 shrink-0" /> : null}
        {row.state === 'failed' ? <CircleAlertIcon aria-hidden="true" className="text-danger size-4 shrink-0" /> : null}
        <Name text={row.filename} />
        <span className="text-muted-foreground shrink-0 text-xs tabular-nums">{formatBytes(row.sizeBytes)}</span>
      </span>
      <span className="text-muted-foreground flex items-center gap-1 text-xs tabular-nums">
        {row.state === 'sending' ? percent : STATE_WORDS[row.state]}
        {isOpen ? (
          <Button variant="ghost" size="icon-sm" aria-label={`Cancel ${row.filename}`} onClick={onCancel}>
            <XIcon />
          </Button>
        ) : null}
      </span>
      {row.state === 'sending' ? (
        <ProgressBar
          label={`Sending ${row.filename}`}
          fraction={row.share}
          valueText={percent}
          className="col-span-2"
        />
      ) : null}
      {row.reason === null ? null : <p className="text-danger col-span-2 text-xs text-pretty">{row.reason}</p>}
    </li>
  );
}
