'use client';

import type { CurrentSession } from '@espejo/contracts';
import { Button } from '@espejo/ui/ui/button';
import { LogInIcon } from 'lucide-react';
import { saveReturnTo } from '#lib/access/return-to.ts';

/** Redirects to the OpenID Connect issuer; after the sign-in the user returns to the same page. */
export function OidcButton({ oidc }: { oidc: NonNullable<CurrentSession['signIn']['oidc']> }) {
  return (
    <>
      <p className="text-muted-foreground before:bg-border after:bg-border flex items-center gap-3 text-xs before:h-px before:flex-1 after:h-px after:flex-1">
        or
      </p>
      <Button asChild variant="outline">
        {/* A plain link, because it leaves the console. */}
        <a href={oidc.url} onClick={saveReturnTo}>
          <LogInIcon />
          Continue with {oidc.name}
        </a>
      </Button>
    </>
  );
}
