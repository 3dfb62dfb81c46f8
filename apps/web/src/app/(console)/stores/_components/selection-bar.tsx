'use client';

import { Button } from '@espejo/ui/ui/button';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CalendarPlusIcon, RotateCcwIcon, Trash2Icon, XIcon } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { PermissionButton } from '#components/access/permission-button.tsx';
import type { Selection } from '#components/data-table/selection.tsx';
import { countSelected } from '#components/data-table/selection-state.ts';
import { DeletionDialog } from '#components/deletion/deletion-dialog.tsx';
import { asApiError } from '#lib/api/client.ts';
import { restoreVectorStore } from '#lib/api/deletions.ts';
import type { StoreFilter } from '#lib/api/vector-stores.ts';
import { formatCount, plural } from '#lib/format/count.ts';
import { targetOf } from '../bulk-target.ts';
import { ExtendDialog } from './extend-dialog.tsx';

interface SelectionBarProps {
  readonly selection: Selection;
  readonly filter: StoreFilter;
  /** Rows that match the view. */
  readonly total: number;
}

/** The actions on the selected stores: those selected by id, or all that match the current filters. */
export function SelectionBar({ selection, filter, total }: SelectionBarProps) {
  const [dialog, setDialog] = useState<'delete' | 'extend' | null>(null);
  const { state } = selection;
  const count = countSelected(state, total);
  const isTrash = filter.status === 'trashed';
  const restore = useRestore(selection);
  if (count === 0) return null;
  const target = targetOf(state, filter);
  return (
    <section
      aria-label="Selection"
      className="bg-brand-soft flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md px-3 py-1.5"
    >
      <span role="status" className="font-medium tabular-nums">
        {plural(count, 'store')} selected
      </span>
      {total <= count ? null : (
        <Button variant="link" size="sm" className="text-brand h-6 px-0" onClick={selection.selectAllMatching}>
          Select all {formatCount(total)} matching
        </Button>
      )}
      <div className="ml-auto flex flex-wrap gap-2">
        {isTrash ? (
          <PermissionButton
            needs="write"
            size="sm"
            variant="outline"
            disabled={restore.isPending || state.kind === 'matching'}
            onClick={() => restore.mutate(target.storeIds ?? [])}
          >
            <RotateCcwIcon />
            Restore
          </PermissionButton>
        ) : (
          <>
            <PermissionButton needs="write" size="sm" variant="outline" onClick={() => setDialog('extend')}>
              <CalendarPlusIcon />
              Extend…
            </PermissionButton>
            <PermissionButton needs="delete" size="sm" variant="destructive" onClick={() => setDialog('delete')}>
              <Trash2Icon />
              Delete…
            </PermissionButton>
          </>
        )}
        <Button size="sm" variant="ghost" onClick={selection.clear}>
          <XIcon />
          Clear
        </Button>
      </div>
      {dialog === 'delete' ? (
        <DeletionDialog request={target} onClose={() => setDialog(null)} onStarted={selection.clear} />
      ) : null}
      {dialog === 'extend' ? (
        <ExtendDialog target={target} count={count} onClose={() => setDialog(null)} onDone={selection.clear} />
      ) : null}
    </section>
  );
}

function useRestore(selection: Selection) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (ids: readonly string[]) => {
      const results = await Promise.allSettled(ids.map((id) => restoreVectorStore(id)));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      return ids.length;
    },
    onSuccess: (count) => {
      toast.success(`Restored ${plural(count, 'store')}`);
      selection.clear();
    },
    onError: (cause) => {
      const error = asApiError(cause);
      toast.error(error.message, { description: error.code });
    },
    onSettled: () => queryClient.invalidateQueries(),
  });
}
