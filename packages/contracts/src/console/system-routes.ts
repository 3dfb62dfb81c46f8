import { AuditPage, ListAuditQuery } from './audit.ts';
import { Settings, StorageDebt, StorageDebtQuery, UpdateSettingsBody } from './deletions/storage-debt.ts';
import { Overview } from './overview.ts';
import { route } from './route.ts';
import { Status } from './status.ts';
import { GuardrailSettings, UpdateGuardrailsBody } from './vector-stores/primary-stores.ts';

/** The installation: its status, settings and audit log. */
export const SYSTEM_ROUTES = {
  getStatus: route({
    method: 'GET',
    path: '/api/status',
    summary: 'What the console frame shows',
    description: 'Totals, the age of the mirror, the version, and runs that are active or wait for a person.',
    errors: [],
    tag: 'System',
    action: 'read',
    status: 200,
    response: Status,
  }),
  getOverview: route({
    method: 'GET',
    path: '/api/overview',
    summary: 'What needs attention now, the health of each connection, and storage with its cost',
    description:
      'Stopped and failing syncs, refused keys, expiring stores, failed files, parked deletions and storage debt; the last runs of each connection; storage and cost now, by day, and in 30 days.',
    errors: [],
    tag: 'System',
    action: 'read',
    status: 200,
    response: Overview,
  }),
  getStorageDebt: route({
    method: 'GET',
    path: '/api/storage-debt',
    summary: 'List storage debt: what costs money or hides problems, with a safe clean-up for each kind',
    description:
      'Orphans, expired and empty stores, failed and stuck files, ghosts and duplicates, each with its cost and the body of a deletion plan that removes it.',
    errors: ['connection_not_found'],
    tag: 'Deletions',
    action: 'read',
    query: StorageDebtQuery,
    status: 200,
    response: StorageDebt,
  }),
  getSettings: route({
    method: 'GET',
    path: '/api/settings',
    summary: 'Get the settings',
    description: 'The rates of the cost estimate.',
    errors: [],
    tag: 'System',
    action: 'read',
    status: 200,
    response: Settings,
  }),
  updateSettings: route({
    method: 'PATCH',
    path: '/api/settings',
    summary: 'Change settings',
    description: 'Absent settings stay unchanged.',
    errors: [],
    tag: 'System',
    action: 'manage',
    body: UpdateSettingsBody,
    status: 200,
    response: Settings,
  }),
  getGuardrails: route({
    method: 'GET',
    path: '/api/guardrails',
    summary: 'Get the limits of this installation',
    description:
      'How many and how large files and stores may be, which types are accepted, whether names may repeat, and what clean-ups may delete.',
    errors: [],
    tag: 'System',
    action: 'read',
    status: 200,
    response: GuardrailSettings,
  }),
  updateGuardrails: route({
    method: 'PATCH',
    path: '/api/guardrails',
    summary: 'Change limits; existing data stays',
    description: 'New limits apply from the next request on.',
    errors: [],
    tag: 'System',
    action: 'manage',
    body: UpdateGuardrailsBody,
    status: 200,
    response: GuardrailSettings,
  }),
  listAuditEvents: route({
    method: 'GET',
    path: '/api/audit-events',
    summary: 'List the audit log, newest first',
    description:
      'Entries are written in the transaction of the change itself and kept for 13 months. `q`, `kind` and `actor` filter.',
    errors: [],
    tag: 'System',
    action: 'manage',
    query: ListAuditQuery,
    status: 200,
    response: AuditPage,
  }),
} as const;
