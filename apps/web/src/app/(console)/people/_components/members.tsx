'use client';

import { useQuery } from '@tanstack/react-query';
import { Loaded } from '#components/states/loaded.tsx';
import { membersQuery } from '#lib/api/people.ts';
import { MemberRow } from './member-row.tsx';

/** The members of the tenant. */
export function Members() {
  const members = useQuery(membersQuery);
  return (
    <Loaded query={members} what="the people">
      {({ data }) => (
        <ul aria-label="People" className="divide-y rounded-md border">
          {data.map((member) => (
            <MemberRow key={member.id} member={member} />
          ))}
        </ul>
      )}
    </Loaded>
  );
}
