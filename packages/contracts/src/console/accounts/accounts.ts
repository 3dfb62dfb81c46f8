import { z } from 'zod';
import { LIMITS } from '../../limits.ts';
import { Instant } from '../common.ts';
import { Role } from './api-keys.ts';

const Id = z.string().min(1).max(LIMITS.idMax);
/** E-mail addresses in one form: plain ASCII with one `@`, in lower case; anything else is rejected. */
export const EmailAddress = z.email().max(LIMITS.emailMax).toLowerCase();
const PersonName = z.string().trim().min(1).max(LIMITS.personNameMax);
/** A new password. Only its length is checked. */
const Password = z.string().min(LIMITS.passwordMin).max(LIMITS.passwordMax);
/** A password that is only compared. */
const GivenPassword = z.string().min(1).max(LIMITS.passwordMax);
const InvitationToken = z.string().min(1).max(128);

export const Person = z.object({ id: z.string(), email: z.string(), name: z.string() }).meta({ id: 'Person' });
export type Person = z.infer<typeof Person>;

export const TenantName = z.object({ id: z.string(), name: z.string() }).meta({ id: 'TenantName' });
export type TenantName = z.infer<typeof TenantName>;

export const OwnTenant = TenantName.extend({ role: Role }).meta({ id: 'OwnTenant' });
export type OwnTenant = z.infer<typeof OwnTenant>;

export const StoreRole = z
  .object({ storeId: z.string(), role: Role.describe('The role of the user in this store') })
  .meta({ id: 'StoreRole' });
export type StoreRole = z.infer<typeof StoreRole>;

/** An invitation that the signed-in user can accept. */
export const OwnInvitation = z
  .object({
    id: z.string(),
    tenant: TenantName,
    role: Role,
    invitedBy: z
      .string()
      .nullable()
      .describe('null: the account was made a member before its address was verified, and the user must confirm it'),
    expiresAt: Instant.nullable().describe('null: never'),
  })
  .meta({ id: 'OwnInvitation' });
export type OwnInvitation = z.infer<typeof OwnInvitation>;

/** The current session, its tenant and the sign-in methods. */
export const CurrentSession = z
  .object({
    state: z
      .enum(['setup', 'signed_out', 'signed_in', 'trusted'])
      .describe(
        'setup: there is no account yet; the caller may create the first one, and has the role owner until then; signed_out: sign in first; signed_in: a user; trusted: authenticated by an API key',
      ),
    hasAccounts: z.boolean().describe('false: no account exists; only a key or this machine has access'),
    user: Person.nullable(),
    tenant: TenantName.nullable().describe('The current tenant, in which requests are answered'),
    tenants: z.array(OwnTenant).describe('Every tenant of the user'),
    invitations: z
      .array(OwnInvitation)
      .describe(
        'Tenants that the user may join: a membership needs the consent of the user, except by an invitation link',
      ),
    role: Role.nullable(),
    grants: z.array(StoreRole).describe('Stores in which the user has a higher role than in the tenant'),
    actor: z.string().nullable().describe('The name in the audit log'),
    isOperator: z
      .boolean()
      .describe(
        'May change the installation itself, so may create tenants and plans: an owner of the first tenant, in any current tenant; the automation key; or, before the first account, this machine. A key created here never is',
      ),
    signIn: z.object({
      password: z.literal(true),
      oidc: z
        .object({ name: z.string(), url: z.string().describe('Where the browser goes to sign in with this method') })
        .nullable(),
    }),
  })
  .meta({ id: 'CurrentSession' });
export type CurrentSession = z.infer<typeof CurrentSession>;

export const SetupBody = z.strictObject({ name: PersonName, email: EmailAddress, password: Password });
export type SetupBody = z.input<typeof SetupBody>;
export const SignInBody = z.strictObject({ email: EmailAddress, password: GivenPassword });
export type SignInBody = z.input<typeof SignInBody>;
export const SwitchTenantBody = z.strictObject({ tenantId: Id });

export const Member = z
  .object({
    id: z.string(),
    user: Person,
    role: Role,
    isConfirmed: z
      .boolean()
      .describe('false: joined before the address was verified, and may do nothing here until the user confirms it'),
    grants: z.array(StoreRole),
    joinedAt: Instant,
    lastSeenAt: Instant.nullable().describe('When they last used a session in this tenant, to the hour'),
    isYou: z.boolean(),
  })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof Member>;
export const MemberList = z.object({ data: z.array(Member) }).meta({ id: 'MemberList' });
export type MemberList = z.infer<typeof MemberList>;
export const UpdateMemberBody = z.strictObject({ role: Role });

export const StoreGrant = StoreRole.extend({
  storeName: z.string().nullable().describe('null: the store has no name, or is gone'),
  grantedBy: z.string(),
  grantedAt: Instant,
}).meta({ id: 'StoreGrant' });
export type StoreGrant = z.infer<typeof StoreGrant>;
export const StoreGrantList = z.object({ data: z.array(StoreGrant) }).meta({ id: 'StoreGrantList' });
export type StoreGrantList = z.infer<typeof StoreGrantList>;
export const StoreGrantParams = z.object({ id: Id, storeId: Id });
export const PutStoreGrantBody = z.strictObject({
  role: z.enum(['viewer', 'editor']).describe('At most editor: higher roles do not apply to a single store'),
});

export const Invitation = z
  .object({
    id: z.string(),
    email: z.string(),
    role: Role,
    invitedBy: z.string(),
    createdAt: Instant,
    expiresAt: Instant,
    state: z.enum(['pending', 'expired']),
  })
  .meta({ id: 'Invitation' });
export type Invitation = z.infer<typeof Invitation>;
export const InvitationList = z.object({ data: z.array(Invitation) }).meta({ id: 'InvitationList' });
export type InvitationList = z.infer<typeof InvitationList>;
export const CreateInvitationBody = z.strictObject({ email: EmailAddress, role: Role });
export type CreateInvitationBody = z.input<typeof CreateInvitationBody>;

export const CreatedInvitation = Invitation.extend({
  token: z.string().describe('The secret that accepts the invitation. It is shown only this once and not stored'),
  path: z
    .string()
    .describe('The page of the console that accepts it: `/join#<token>`; a fragment is never sent to a server'),
}).meta({ id: 'CreatedInvitation' });
export type CreatedInvitation = z.infer<typeof CreatedInvitation>;

export const LookInvitationBody = z.strictObject({ token: InvitationToken });
export const InvitationPreview = z
  .object({
    tenant: TenantName,
    email: z.string(),
    role: Role,
    invitedBy: z.string(),
    expiresAt: Instant,
    hasAccount: z
      .boolean()
      .describe('true: sign in with this address, then accept; false: accept with a name and a password'),
  })
  .meta({ id: 'InvitationPreview' });
export type InvitationPreview = z.infer<typeof InvitationPreview>;
export const AcceptInvitationBody = z.strictObject({
  token: InvitationToken,
  name: PersonName.optional().describe('For a new account'),
  password: Password.optional().describe('For a new account'),
});
export type AcceptInvitationBody = z.input<typeof AcceptInvitationBody>;

export const Tenant = TenantName.extend({ createdAt: Instant, memberCount: z.int() }).meta({ id: 'Tenant' });
export type Tenant = z.infer<typeof Tenant>;
export const TenantList = z.object({ data: z.array(Tenant) }).meta({ id: 'TenantList' });
export type TenantList = z.infer<typeof TenantList>;
export const CreateTenantBody = z.strictObject({
  name: z.string().trim().min(1).max(LIMITS.personNameMax),
  ownerEmail: EmailAddress.optional().describe(
    'The e-mail address of the owner to invite. Absent: the user who makes the request. Required for a key',
  ),
});
export type CreateTenantBody = z.input<typeof CreateTenantBody>;
export const CreatedTenant = Tenant.extend({ invitation: CreatedInvitation.nullable() }).meta({ id: 'CreatedTenant' });
export type CreatedTenant = z.infer<typeof CreatedTenant>;

export const UpdateAccountBody = z.strictObject({ name: PersonName });
export const ChangePasswordBody = z.strictObject({ current: GivenPassword, next: Password });

export const AccountSession = z
  .object({
    id: z.string(),
    createdAt: Instant,
    lastSeenAt: Instant.describe('To the hour'),
    expiresAt: Instant,
    address: z.string().nullable(),
    userAgent: z.string().nullable(),
    isCurrent: z.boolean(),
  })
  .meta({ id: 'AccountSession' });
export type AccountSession = z.infer<typeof AccountSession>;
export const AccountSessionList = z.object({ data: z.array(AccountSession) }).meta({ id: 'AccountSessionList' });
export type AccountSessionList = z.infer<typeof AccountSessionList>;
