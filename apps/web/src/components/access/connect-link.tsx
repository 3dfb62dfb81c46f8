'use client';

import { Button } from '@espejo/ui/ui/button';
import Link from 'next/link';
import { usePermission } from '#lib/access/use-permission.ts';

/** The link to the form that connects a project, for users with the permission. */
export function ConnectLink() {
  const may = usePermission('manage');
  if (!may.isAllowed) return <p className="text-muted-foreground">{may.reason}</p>;
  return (
    <Button asChild size="sm">
      <Link href="/connections?new=true">Connect a project</Link>
    </Button>
  );
}
