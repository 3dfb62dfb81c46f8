import { type ConsoleClient, createConsoleClient, Role } from '@espejo/contracts';
import type { RunningSandbox } from '@espejo/sandbox';
import type { Espejo } from '../support/espejo.ts';
import { expectStatus } from '../support/http.ts';

/** One tenant: a key in each role, and its own upstream project. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly keys: Readonly<Record<Role, string>>;
  /** As an owner of it. */
  readonly call: ConsoleClient;
  readonly upstreamKey: string;
}

/** The keys of two separate projects, for `startSandbox`. */
export const PROJECTS = { 'sk-first': 'proj_first', 'sk-second': 'proj_second' } as const;

/** The first tenant of an installation, with its automation key; creates its role keys. */
export async function firstTenant(espejo: Espejo, automationKey: string): Promise<Tenant> {
  const owner = { name: 'Owner', email: 'owner@first.example', password: 'correct horse battery' };
  expectStatus(await espejo.request('POST', '/api/setup', { key: automationKey, json: owner }), 201);
  return withKeys(espejo, { id: 'default', name: 'Default', ownerKey: automationKey, upstreamKey: 'sk-first' });
}

/** A second tenant, created by an operator: its owner is invited, accepts, signs in and creates a key. */
export async function secondTenant(espejo: Espejo): Promise<Tenant> {
  const name = 'Globex';
  const made = await espejo.request('POST', '/api/tenants', { json: { name, ownerEmail: 'owner@globex.example' } });
  expectStatus(made, 201);
  const { id, invitation } = made.json as { id: string; invitation: { token: string } };
  const cookie = await accept(espejo, invitation.token);
  const key = await espejo.request('POST', '/api/api-keys', {
    key: null,
    headers: { cookie, origin: espejo.url },
    json: { name: 'owner', role: 'owner' },
  });
  expectStatus(key, 201);
  const { key: ownerKey } = key.json as { key: string };
  return withKeys(espejo, { id, name, ownerKey, upstreamKey: 'sk-second' });
}

/** Accepts an invitation with a new account; returns its session cookie. */
export async function accept(espejo: Espejo, token: string): Promise<string> {
  const accepted = await espejo.request('POST', '/api/invitations/accept', {
    key: null,
    headers: { origin: espejo.url },
    json: { token, name: 'Somebody', password: 'correct horse battery' },
  });
  expectStatus(accepted, 200);
  return accepted.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
}

async function withKeys(
  espejo: Espejo,
  tenant: Pick<Tenant, 'id' | 'name' | 'upstreamKey'> & { readonly ownerKey: string },
): Promise<Tenant> {
  const { ownerKey, ...rest } = tenant;
  const call = createConsoleClient({ baseUrl: espejo.url, apiKey: ownerKey });
  const keys = {} as Record<Role, string>;
  for (const role of Role.options) {
    keys[role] = (await call('createApiKey', { body: { name: `${tenant.name} ${role}`, role } })).key;
  }
  return { ...rest, keys, call };
}

/** A store and a file in a tenant's project upstream, which a sync of it will mirror. */
export async function seedProject(sandbox: RunningSandbox, { upstreamKey, name }: Tenant): Promise<void> {
  const headers = { authorization: `Bearer ${upstreamKey}` };
  const form = new FormData();
  form.set('purpose', 'assistants');
  form.set('file', new File([`${name} upstream`], `${name} upstream.txt`));
  const file = (await (await fetch(`${sandbox.url}/files`, { method: 'POST', headers, body: form })).json()) as {
    id: string;
  };
  await fetch(`${sandbox.url}/vector_stores`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ name: `${name} upstream`, file_ids: [file.id] }),
  });
}
