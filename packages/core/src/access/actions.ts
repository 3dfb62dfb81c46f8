import type { Role } from './roles.ts';

/**
 * Every kind of action, with the lowest role that may do it. Coarse on purpose: a key can be limited to some of them,
 * and a user must see at a glance what it may do.
 */
export const ACTIONS = {
  /** See stores, files, runs, deletions, settings. */
  read: 'viewer',
  /** Search stores. */
  search: 'viewer',
  /** Create and change stores, files, attributes, copies and bindings. */
  write: 'editor',
  /** Plan and carry out deletions. */
  delete: 'editor',
  /** Start and stop syncs. */
  sync: 'editor',
  /** Change connections, settings and limits, approve removals, read the audit log. */
  manage: 'admin',
  /** Create and revoke keys, invite and remove members. */
  own: 'owner',
} as const satisfies Record<string, Role>;

export type Action = keyof typeof ACTIONS;

/** Every action, the one with the lowest role first. */
export const ACTION_NAMES = Object.keys(ACTIONS) as readonly Action[];
