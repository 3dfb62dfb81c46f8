'use client';

import { Button } from '@espejo/ui/ui/button';
import Link from 'next/link';
import { Section } from '#components/section.tsx';
import { useSession } from '#lib/access/session-context.tsx';

/** While nobody signs in: the way to the first account. */
export function Accounts() {
  const { state } = useSession();
  if (state !== 'setup') return null;
  return (
    <Section
      title="Accounts"
      about="Nobody signs in yet: whoever can open this console is an owner. With an owner’s account, everybody signs in as themselves."
      actions={
        <Button asChild size="sm" variant="outline">
          <Link href="/setup">Create the owner account</Link>
        </Button>
      }
    />
  );
}
