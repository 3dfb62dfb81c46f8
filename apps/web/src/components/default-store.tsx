'use client';

import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { useQuery } from '@tanstack/react-query';
import { StarIcon } from 'lucide-react';
import { defaultStoreQuery } from '#lib/api/default-store.ts';

/** Whether a store is the default store. */
export function useIsDefaultStore(storeId: string): boolean {
  return useQuery(defaultStoreQuery).data?.storeId === storeId;
}

/** Marks the default store; renders nothing for any other. */
export function DefaultBadge({ storeId }: { storeId: string }) {
  if (!useIsDefaultStore(storeId)) return null;
  return (
    <ToneBadge tone="info" className="relative z-10" data-hint="The default store: used by agents that name no store">
      <StarIcon aria-hidden="true" />
      Default
    </ToneBadge>
  );
}
