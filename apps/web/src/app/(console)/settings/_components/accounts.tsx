'use client';

import { Button } from '@espejo/ui/ui/button';
import Link from 'next/link';
import { Section } from '#components/section.tsx';
import { useSession } from '#lib/access/session-context.tsx';

/** The link to create the first account, while there is none. */
export function Accounts() {
  const { state } = useSession();
  if (state !== 'setup') return null;
  return (
    <Section
      title="Accounts"
      about="There are no accounts yet: every user of this console is an owner. Once there is an owner account, every user signs in."
      actions={
        <Button asChild size="sm" variant="outline">
          <Link href="/setup">Create the owner account</Link>
        </Button>
      }
    />
  );
}
