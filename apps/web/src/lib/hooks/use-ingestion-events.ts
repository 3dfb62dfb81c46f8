'use client';

import { IngestionProgress } from '@espejo/contracts';
import { useEffect, useState } from 'react';

export type FileProgress = NonNullable<IngestionProgress['file']>;

/**
 * Follows the files that a store takes in by its server-sent events; answers what each is at, the latest last. The list of
 * files says the rest, and goes on saying it should the stream stay away.
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
