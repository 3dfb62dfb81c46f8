'use client';

import type { OwnInvitation } from '@espejo/contracts';
import { OwnInvitations } from '#components/account/own-invitations.tsx';
import { Section } from '#components/section.tsx';

/** Where one is asked to join; nothing while nobody asks. */
export function AccountInvitations({ invitations }: { invitations: readonly OwnInvitation[] }) {
  if (invitations.length === 0) return null;
  return (
    <Section title="Invitations" about="Tenants that you may join. Whoever invites you sees nothing of yours before.">
      <OwnInvitations invitations={invitations} />
    </Section>
  );
}
