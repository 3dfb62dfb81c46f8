'use client';

import type { CurrentSession } from '@espejo/contracts';
import { Button } from '@espejo/ui/ui/button';
import { LogInIcon } from 'lucide-react';
import { saveReturnTo } from '#lib/access/return-to.ts';

/** Leaves for the issuer that people sign in at; whoever comes back goes on where they were. */
export function OidcButton({ oidc }: { oidc: NonNullable<CurrentSession['signIn']['oidc']> }) {
  return (
    <>
      <p className="text-muted-foreground before:bg-border after:bg-border flex items-center gap-3 text-xs before:h-px before:flex-1 after:h-px after:flex-1">
        or
      </p>
      <Button asChild variant="outline">
        {/* A plain link: the way leads out of the console. */}
        <a href={oidc.url} onClick={saveReturnTo}>
          <LogInIcon />
          Continue with {oidc.name}
        </a>
      </Button>
    </>
  );
}
