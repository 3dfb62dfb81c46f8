import type { Role } from './roles.ts';

/**
 * Every kind of act, with the least role that may do it. Coarse on purpose: a key can be held to some of them, and a
 * person must be able to tell at a glance what that leaves.
 */
export const ACTIONS = {
  /** See stores, files, runs, deletions, settings. */
  read: 'viewer',
  /** Ask stores questions. */
  search: 'viewer',
  /** Make and change stores, files, attributes, copies and bindings. */
  write: 'editor',
  /** Plan and carry out deletions. */
  delete: 'editor',
  /** Start and stop syncs. */
  sync: 'editor',
  /** Change connections, settings and limits, approve removals, read the audit. */
  manage: 'admin',
  /** Make and revoke keys, invite and remove people. */
  own: 'owner',
} as const satisfies Record<string, Role>;

export type Action = keyof typeof ACTIONS;

/** Every action, the least first. */
export const ACTION_NAMES = Object.keys(ACTIONS) as readonly Action[];
