import type { Action, Role } from '@espejo/contracts';

/** A role, and what whoever has it may do. */
export const ROLE_WORDS: Readonly<Record<Role, { readonly name: string; readonly about: string }>> = {
  viewer: { name: 'Viewer', about: 'reads and searches, changes nothing' },
  editor: { name: 'Editor', about: 'also changes stores and files, and deletes' },
  admin: { name: 'Admin', about: 'also connections, settings and approvals' },
  owner: { name: 'Owner', about: 'everything, people and keys too' },
};

/** What a key can be held to, in a sentence each. */
export const ACTION_WORDS: Readonly<Record<Action, { readonly name: string; readonly about: string }>> = {
  read: { name: 'Read', about: 'See stores, files, runs, deletions and settings.' },
  search: { name: 'Search', about: 'Ask stores questions.' },
  write: { name: 'Write', about: 'Make and change stores, files, attributes and copies.' },
  delete: { name: 'Delete', about: 'Plan and carry out deletions.' },
  sync: { name: 'Sync', about: 'Start and stop syncs.' },
  manage: { name: 'Manage', about: 'Change connections, settings and limits, approve removals, read the audit.' },
  own: { name: 'Own', about: 'Make and revoke keys, invite and remove people.' },
};
