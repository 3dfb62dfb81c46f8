'use client';

import { DebtKind, type Deletion } from '@espejo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { CLEAN_UPS_KEY, type CleanUp, printCleanUps, readCleanUps } from './clean-ups.ts';

const KINDS: ReadonlySet<string> = new Set(DebtKind.options);

/** The clean-ups started in this tab: those that run, and those that have ended. */
export function useCleanUps() {
  const queryClient = useQueryClient();
  const [running, setRunning] = useState<readonly CleanUp[]>([]);
  const [ended, setEnded] = useState<readonly Deletion[]>([]);

  useEffect(() => setRunning(readCleanUps(sessionStorage.getItem(CLEAN_UPS_KEY), KINDS)), []);

  function keep(change: (before: readonly CleanUp[]) => readonly CleanUp[]): void {
    setRunning((before) => {
      const after = change(before);
      sessionStorage.setItem(CLEAN_UPS_KEY, printCleanUps(after));
      return after;
    });
  }
  const forget = (deletionId: string) => keep((before) => before.filter((one) => one.deletionId !== deletionId));

  return {
    running,
    ended,
    begin: (cleanUp: CleanUp) => keep((before) => [...before, cleanUp]),
    forget,
    /** Moves a clean-up to the ended ones and refreshes the debt. */
    end(deletion: Deletion): void {
      forget(deletion.id);
      setEnded((before) => [...before.filter(({ id }) => id !== deletion.id), deletion]);
      void queryClient.invalidateQueries({ queryKey: ['storage-debt'] });
      void queryClient.invalidateQueries({ queryKey: ['status'] });
    },
    dismiss: (deletionId: string) => setEnded((before) => before.filter(({ id }) => id !== deletionId)),
  };
}
