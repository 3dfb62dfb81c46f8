'use client';

import type { CurrentSession } from '@espejo/contracts';
import { Button } from '@espejo/ui/ui/button';
import { Dialog, DialogContent, DialogDescription, DialogHeader, DialogTitle } from '@espejo/ui/ui/dialog';
import { useSessionSwitch } from '#lib/access/use-session-switch.ts';
import { SignInForm } from './sign-in-form.tsx';

interface SignInAgainProps {
  /** The session that has ended. */
  readonly before: CurrentSession;
  readonly oidc: CurrentSession['signIn']['oidc'];
}

/** Opens over the console when a session ends during work; unsaved input below it is kept. */
export function SignInAgain({ before, oidc }: SignInAgainProps) {
  const enter = useSessionSwitch();
  return (
    <Dialog open>
      <DialogContent
        showCloseButton={false}
        onEscapeKeyDown={(event) => event.preventDefault()}
        onInteractOutside={(event) => event.preventDefault()}
        className="sm:max-w-sm"
      >
        <DialogHeader>
          <DialogTitle>Sign in again</DialogTitle>
          <DialogDescription>Your session has ended. Your unsaved input is kept.</DialogDescription>
        </DialogHeader>
        <SignInForm oidc={oidc} email={before.user?.email ?? null} onSignedIn={(session) => enter(session, before)} />
        <Button
          type="button"
          variant="link"
          className="text-ui text-muted-foreground h-6 justify-self-center"
          onClick={() => window.location.assign('/sign-in')}
        >
          Sign in as another user
        </Button>
      </DialogContent>
    </Dialog>
  );
}
