'use client';

import { IngestionProgress } from '@espejo/contracts';
import { useEffect, useState } from 'react';

export type FileProgress = NonNullable<IngestionProgress['file']>;

/**
 * Returns the stage of each file in ingestion from the server-sent events of a store, the latest last. The list of
 * files has the rest and is polled, also while the stream is broken.
 */
export function useIngestionEvents(storeId: string, isActive: boolean): readonly FileProgress[] {
  const [files, setFiles] = useState<readonly FileProgress[]>([]);
  useEffect(() => {
    if (!isActive) return;
    const source = new EventSource(`/api/vector-stores/${encodeURIComponent(storeId)}/ingestion/events`);
    source.addEventListener('progress', (event: MessageEvent<string>) => {
      const file = readFile(event.data);
      if (file === null) return;
      const isUnderWay = file.status === 'in_progress' && file.phase !== 'waiting';
      setFiles((now) => [...now.filter((one) => one.id !== file.id), ...(isUnderWay ? [file] : [])]);
    });
    source.addEventListener('end', () => source.close());
    return () => {
      source.close();
      setFiles([]);
    };
  }, [storeId, isActive]);
  return files;
}

function readFile(text: string): FileProgress | null {
  try {
    return IngestionProgress.parse(JSON.parse(text)).file;
  } catch {
    return null;
  }
}
