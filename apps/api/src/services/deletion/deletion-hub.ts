import type { Deletion } from '@espejo/contracts';
import { createHub, type Hub } from '../hub.ts';

export type DeletionEvent = { readonly type: 'progress' | 'end'; readonly data: Deletion };
export type DeletionHub = Hub<DeletionEvent>;

export function createDeletionHub(): DeletionHub {
  return createHub<DeletionEvent>();
}
