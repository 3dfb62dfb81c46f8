import type { SyncRun } from '@espejo/contracts';
import type { SyncProgress } from '@espejo/core';
import { createHub, type Hub } from '../hub.ts';

export type RunEvent =
  | { readonly type: 'progress'; readonly data: SyncProgress }
  | { readonly type: 'end'; readonly data: SyncRun };
export type RunHub = Hub<RunEvent>;

export function createRunHub(): RunHub {
  return createHub<RunEvent>();
}
