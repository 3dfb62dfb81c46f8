'use client';

import { useQuery } from '@tanstack/react-query';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { membersQuery } from '#lib/api/people.ts';
import { MemberRow } from './member-row.tsx';

/** Everybody in the tenant. */
export function Members() {
  const members = useQuery(membersQuery);
  if (members.data === undefined) {
    return members.isError ? (
      <ErrorState title="The people could not be read" error={members.error} onRetry={() => void members.refetch()} />
    ) : (
      <LoadingRows label="Reading the people" />
    );
  }
  return (
    <ul aria-label="People" className="divide-y rounded-md border">
      {members.data.data.map((member) => (
        <MemberRow key={member.id} member={member} />
      ))}
    </ul>
  );
}
