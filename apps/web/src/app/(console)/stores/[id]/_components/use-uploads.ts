'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { asApiError } from '#lib/api/client.ts';
import { uploadFile } from '#lib/api/primary-stores.ts';
import { usageQuery } from '#lib/api/usage.ts';
import { changeRow, openRows, type UploadRow } from '../upload-list.ts';

/** Concurrent uploads. */
const AT_ONCE = 3;

/** Uploads files into a store, a few at a time. A reload keeps sent files; before it drops unsent ones, the browser asks. */
export function useUploads(storeId: string) {
  const queryClient = useQueryClient();
  const [rows, setRows] = useState<UploadRow[]>([]);
  const queue = useRef<{ rowId: number; file: File }[]>([]);
  const running = useRef(new Map<number, AbortController>());
  const nextRowId = useRef(0);
  const isBusy = openRows(rows).length > 0;

  useEffect(() => {
    if (!isBusy) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isBusy]);

  const change = (rowId: number, fields: Partial<UploadRow>) => setRows((now) => changeRow(now, rowId, fields));

  async function send(rowId: number, file: File): Promise<void> {
    const controller = new AbortController();
    running.current.set(rowId, controller);
    change(rowId, { state: 'sending' });
    try {
      await uploadFile(storeId, file, {
        signal: controller.signal,
        onProgress: (share) => change(rowId, { share }),
      });
      change(rowId, { state: 'sent', share: 1 });
    } catch (cause) {
      const { code, message } = asApiError(cause);
      change(rowId, code === 'cancelled' ? { state: 'cancelled' } : { state: 'failed', reason: message });
    } finally {
      running.current.delete(rowId);
      void queryClient.invalidateQueries({ queryKey: ['vector-stores'] });
      void queryClient.invalidateQueries({ queryKey: usageQuery.queryKey });
      pump();
    }
  }

  function pump(): void {
    while (running.current.size < AT_ONCE) {
      const next = queue.current.shift();
      if (next === undefined) return;
      void send(next.rowId, next.file);
    }
  }

  return {
    rows,
    isBusy,
    add(files: readonly File[]): void {
      const added = files.map((file) => ({ rowId: nextRowId.current++, file }));
      queue.current.push(...added);
      setRows((now) => [
        ...now,
        ...added.map(({ rowId, file }) => ({
          rowId,
          filename: file.name,
          sizeBytes: file.size,
          state: 'waiting' as const,
          share: 0,
          reason: null,
        })),
      ]);
      pump();
    },
    cancel(rowId: number): void {
      queue.current = queue.current.filter((one) => one.rowId !== rowId);
      const controller = running.current.get(rowId);
      if (controller === undefined) change(rowId, { state: 'cancelled' });
      else controller.abort();
    },
    clear: () => setRows((now) => openRows(now)),
  };
}
