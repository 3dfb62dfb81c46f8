'use client';

import type { UpdateVectorStoreBody } from '@espejo/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { updateVectorStore, vectorStoreQuery } from '#lib/api/vector-stores.ts';

/** Saves an edit and refreshes the lists and the page. The dialog shows the error. */
export function useUpdateStore(id: string, onSaved: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: UpdateVectorStoreBody) => updateVectorStore(id, body),
    onSuccess: (store) => {
      queryClient.setQueryData(vectorStoreQuery(id).queryKey, store);
      void queryClient.invalidateQueries({ queryKey: ['vector-stores'] });
      toast.success('Saved');
      onSaved();
    },
  });
}
