'use client';

import type { OwnInvitation } from '@espejo/contracts';
import { OwnInvitations } from '#components/account/own-invitations.tsx';
import { Section } from '#components/section.tsx';

/** The open invitations of the user; renders nothing when there are none. */
export function AccountInvitations({ invitations }: { invitations: readonly OwnInvitation[] }) {
  if (invitations.length === 0) return null;
  return (
    <Section title="Invitations" about="Tenants that you may join. They cannot see your data before you join.">
      <OwnInvitations invitations={invitations} />
    </Section>
  );
}
