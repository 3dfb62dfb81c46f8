import { AuditPage, ListAuditQuery } from './audit.ts';
import { GuardrailSettings, UpdateGuardrailsBody } from './primary-stores.ts';
import { route } from './route.ts';
import { Status } from './status.ts';
import { Settings, StorageDebt, UpdateSettingsBody } from './storage-debt.ts';

/** This installation: how it stands, its settings, and who did what. */
export const SYSTEM_ROUTES = {
  getStatus: route({
    method: 'GET',
    path: '/api/status',
    summary: 'What the console frame shows',
    tag: 'System',
    action: 'read',
    status: 200,
    response: Status,
  }),
  getStorageDebt: route({
    method: 'GET',
    path: '/api/storage-debt',
    summary: 'What costs money or hides trouble, with one safe way out of each',
    tag: 'Deletions',
    action: 'read',
    status: 200,
    response: StorageDebt,
  }),
  getSettings: route({
    method: 'GET',
    path: '/api/settings',
    summary: 'Get the settings',
    tag: 'System',
    action: 'read',
    status: 200,
    response: Settings,
  }),
  updateSettings: route({
    method: 'PATCH',
    path: '/api/settings',
    summary: 'Change settings',
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
    tag: 'System',
    action: 'read',
    status: 200,
    response: GuardrailSettings,
  }),
  updateGuardrails: route({
    method: 'PATCH',
    path: '/api/guardrails',
    summary: 'Change limits; what is there already stays',
    tag: 'System',
    action: 'manage',
    body: UpdateGuardrailsBody,
    status: 200,
    response: GuardrailSettings,
  }),
  listAuditEvents: route({
    method: 'GET',
    path: '/api/audit-events',
    summary: 'List who did what to what, newest first',
    tag: 'System',
    action: 'manage',
    query: ListAuditQuery,
    status: 200,
    response: AuditPage,
  }),
} as const;
