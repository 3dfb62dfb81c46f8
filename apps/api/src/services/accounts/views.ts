import type { Role } from '@espejo/core';

export interface AccountSession {
  readonly id: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly isCurrent: boolean;
}

export interface CreatedInvitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly state: 'pending' | 'expired';
  readonly token: string;
  readonly path: string;
}

export interface CreatedTenant {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly memberCount: number;
  readonly invitation: CreatedInvitation | null;
}

/** The current user, their tenant, and the ways to sign in. */
export interface CurrentSession {
  readonly state: 'setup' | 'signed_out' | 'signed_in' | 'trusted';
  readonly hasAccounts: boolean;
  readonly user: Person | null;
  readonly tenant: {
    readonly id: string;
    readonly name: string;
  } | null;
  readonly tenants: {
    readonly id: string;
    readonly name: string;
    readonly role: Role;
  }[];
  readonly invitations: OwnInvitation[];
  readonly role: Role | null;
  readonly grants: {
    readonly storeId: string;
    readonly role: Role;
  }[];
  readonly actor: string | null;
  readonly isOperator: boolean;
  readonly signIn: {
    readonly password: true;
    readonly oidc: {
      readonly name: string;
      readonly url: string;
    } | null;
  };
}

export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly state: 'pending' | 'expired';
}

export interface Member {
  readonly id: string;
  readonly user: Person;
  readonly role: Role;
  readonly isConfirmed: boolean;
  readonly grants: {
    readonly storeId: string;
    readonly role: Role;
  }[];
  readonly joinedAt: number;
  readonly lastSeenAt: number | null;
  readonly isYou: boolean;
}

export interface StoreGrant {
  readonly storeId: string;
  readonly role: Role;
  readonly storeName: string | null;
  readonly grantedBy: string;
  readonly grantedAt: number;
}

export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly memberCount: number;
}

export interface InvitationPreview {
  readonly tenant: {
    readonly id: string;
    readonly name: string;
  };
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: string;
  readonly expiresAt: number;
  readonly hasAccount: boolean;
}

/** A tenant that a signed-in user may join. */
export interface OwnInvitation {
  readonly id: string;
  readonly tenant: {
    readonly id: string;
    readonly name: string;
  };
  readonly role: Role;
  readonly invitedBy: string | null;
  readonly expiresAt: number | null;
}

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}
