'use client';

import type { VectorStoreDetail } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { ProgressBar } from '@espejo/ui/blocks/progress-bar';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { Name } from '#components/name.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { retryFiles } from '#lib/api/primary-stores.ts';
import { formatCount, plural } from '#lib/format/count.ts';
import { type FileProgress, useIngestionEvents } from '#lib/hooks/use-ingestion-events.ts';

interface IngestionBarProps {
  readonly store: VectorStoreDetail;
  readonly nameOf: (fileId: string) => string;
}

/** The ingestion progress of a primary store, and a button that retries failed files. */
export function IngestionBar({ store, nameOf }: IngestionBarProps) {
  const queryClient = useQueryClient();
  const retry = useMutation({
    mutationFn: () => retryFiles(store.id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['vector-stores'] }),
  });
  const { in_progress: open, failed, total } = store.fileCounts;
  const done = total - open;
  const underWay = useIngestionEvents(store.id, open > 0);
  return (
    <>
      {open === 0 ? null : (
        <div className="flex items-center gap-3">
          <ProgressBar
            label="Ingestion progress"
            fraction={total === 0 ? 0 : done / total}
            valueText={`${done} of ${total} files`}
            className="flex-1"
          />
          <span role="status" className="text-muted-foreground text-xs whitespace-nowrap tabular-nums">
            {done} of {plural(total, 'file')} ingested
          </span>
        </div>
      )}
      {open === 0 || underWay.length === 0 ? null : (
        <ul aria-label="Files being ingested" className="text-muted-foreground grid gap-0.5 text-xs tabular-nums">
          {underWay.map((file) => (
            <li key={file.id} className="flex">
              <Name text={nameOf(file.id)} />
              <span className="shrink-0">: {phaseWords(file)}</span>
            </li>
          ))}
        </ul>
      )}
      {failed === 0 ? null : (
        <Banner
          tone="warning"
          title={`${plural(failed, 'file')} failed to ingest.`}
          actions={
            <PermissionButton
              needs="write"
              storeId={store.id}
              variant="outline"
              size="sm"
              disabled={retry.isPending}
              onClick={() => retry.mutate()}
            >
              Retry failed files
            </PermissionButton>
          }
        >
          The list below shows the reason for each file.
        </Banner>
      )}
      <MutationError error={retry.error} title="Not retried." />
    </>
  );
}

function phaseWords({ phase, doneChunks, totalChunks }: FileProgress): string {
  if (phase === 'embedding' && totalChunks > 0)
    return `embedding, ${formatCount(doneChunks)} of ${plural(totalChunks, 'chunk')}`;
  return phase ?? '';
}
