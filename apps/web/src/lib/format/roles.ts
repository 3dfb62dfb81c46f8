import type { Action, Role } from '@espejo/contracts';

/** Each role and what it allows. */
export const ROLE_WORDS: Readonly<Record<Role, { readonly name: string; readonly about: string }>> = {
  viewer: { name: 'Viewer', about: 'reads and searches, changes nothing' },
  editor: { name: 'Editor', about: 'also changes stores and files, and deletes' },
  admin: { name: 'Admin', about: 'also manages connections, settings and approvals' },
  owner: { name: 'Owner', about: 'everything, including people and keys' },
};

/** The actions that a key can be limited to, each with a description. */
export const ACTION_WORDS: Readonly<Record<Action, { readonly name: string; readonly about: string }>> = {
  read: { name: 'Read', about: 'See stores, files, runs, deletions and settings.' },
  search: { name: 'Search', about: 'Search stores.' },
  write: { name: 'Write', about: 'Create and change stores, files, attributes and transfers.' },
  delete: { name: 'Delete', about: 'Plan and carry out deletions.' },
  sync: { name: 'Sync', about: 'Start and stop syncs.' },
  manage: { name: 'Manage', about: 'Change connections, settings and limits, approve removals, view the audit.' },
  own: { name: 'Own', about: 'Create and revoke keys, invite and remove people.' },
};
