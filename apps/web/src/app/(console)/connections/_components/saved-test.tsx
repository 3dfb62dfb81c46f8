'use client';

import type { Connection } from '@espejo/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { PlugIcon } from 'lucide-react';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { testSavedConnection } from '#lib/api/connections.ts';
import { TestOutcome } from './test-outcome.tsx';

/** Tests a saved connection with its stored key; the result is shown beside the button. */
export function SavedTest({ connection }: { connection: Connection }) {
  const queryClient = useQueryClient();
  const test = useMutation({
    mutationFn: () => testSavedConnection(connection.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['connections'] }),
  });
  return (
    <>
      <PermissionButton
        needs="manage"
        variant="outline"
        size="sm"
        disabled={test.isPending}
        onClick={() => test.mutate()}
      >
        <PlugIcon />
        {test.isPending ? 'Testing…' : 'Test connection'}
        <span className="sr-only"> {connection.name}</span>
      </PermissionButton>
      <TestOutcome result={test.data} error={test.error} />
    </>
  );
}
