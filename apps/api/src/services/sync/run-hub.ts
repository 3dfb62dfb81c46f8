import { EventEmitter } from 'node:events';
import type { SyncRun } from '@espejo/contracts';
import type { SyncProgress } from '@espejo/core';

export type RunEvent =
  | { readonly type: 'progress'; readonly data: SyncProgress }
  | { readonly type: 'end'; readonly data: SyncRun };

/** Passes the events of runs in this process on to whoever watches them. */
export interface RunHub {
  publish(runId: string, event: RunEvent): void;
  subscribe(runId: string, listener: (event: RunEvent) => void): () => void;
}

export function createRunHub(): RunHub {
  const emitter = new EventEmitter();
  // One listener per open page; a number of watchers is no leak.
  emitter.setMaxListeners(0);
  return {
    publish: (runId, event) => {
      emitter.emit(runId, event);
    },
    subscribe(runId, listener) {
      emitter.on(runId, listener);
      return () => emitter.off(runId, listener);
    },
  };
}
