import type { RunningSandbox } from '@espejo/sandbox';
import OpenAI from 'openai';
import type { Espejo } from '../support/espejo.ts';
import { expectStatus } from '../support/http.ts';
import { until } from '../support/sync.ts';
import { accept, seedProject, type Tenant } from './open-tenants.ts';

/**
 * One object of every kind that a path can contain, by the path segment before its id. A route with a kind that is
 * missing here fails the suite: add how to create one.
 */
export type TenantFixture = Readonly<Record<string, string>>;

/** Creates one object of every kind; every text of them contains `marker`. */
export async function fillTenant(
  espejo: Espejo,
  sandbox: RunningSandbox,
  tenant: Tenant,
  marker: string,
): Promise<TenantFixture> {
  const { call } = tenant;
  const openai = new OpenAI({ apiKey: tenant.keys.owner, baseURL: `${espejo.url}/v1`, maxRetries: 0 });
  await seedProject(sandbox, tenant);
  const connection = await call('createConnection', {
    body: { name: `${marker} project`, baseUrl: sandbox.url, apiKey: tenant.upstreamKey, isSyncEnabled: false },
  });
  const run = await call('startSyncRun', { body: { connectionId: connection.id } });
  await until('the sync', async () => {
    const { status } = await call('getSyncRun', { params: { id: run.id } });
    return status === 'running' ? undefined : status;
  });
  const mirror = (await call('listVectorStores', { query: { source: 'cache', connectionId: connection.id } })).data[0];
  if (mirror === undefined) throw new Error('Nothing was mirrored.');

  const store = await call('createVectorStore', { body: { name: `${marker} store` } });
  const uploaded = await espejo.request('POST', `/api/vector-stores/${store.id}/uploads?filename=${marker}.txt`, {
    key: tenant.keys.owner,
    headers: { 'content-type': 'text/plain' },
    body: `The ${marker} words.`,
  });
  expectStatus(uploaded, 201);
  const { id: fileId } = uploaded.json as { id: string };
  const loose = await openai.files.create({ file: new File(['more'], `${marker}-2.txt`), purpose: 'assistants' });
  const batch = await openai.vectorStores.fileBatches.create(store.id, { file_ids: [loose.id] });
  const upload = await openai.uploads.create({
    filename: `${marker}-3.txt`,
    purpose: 'assistants',
    mime_type: 'text/plain',
    bytes: 4,
  });
  const part = await openai.uploads.parts.create(upload.id, { data: new File(['more'], 'part') });
  await until('the ingestion', async () => {
    const { fileCounts } = await call('getVectorStore', { params: { id: store.id } });
    return fileCounts.in_progress === 0 ? true : undefined;
  });

  const doomed = await call('createVectorStore', { body: { name: `${marker} doomed` } });
  const { planHash } = await call('planDeletion', { body: { storeIds: [doomed.id], files: 'delete' } });
  const deletion = await call('startDeletion', { body: { planHash } });
  const transfer = await call('startTransfer', { body: { kind: 'adopt', storeId: mirror.id } });
  await until('the deletion and the transfer', async () => {
    const ends = [
      (await call('getDeletion', { params: { id: deletion.id } })).status,
      (await call('getTransfer', { params: { id: transfer.id } })).status,
    ];
    return ends.some((status) => status === 'running' || status === 'waiting') ? undefined : ends;
  });
  const parity = await call('compareStores', {
    body: { leftStoreId: store.id, rightStoreId: mirror.id, queries: [marker], depth: 5 },
  });
  const agentKey = `${marker}agent`;
  await call('putAgent', { params: { key: agentKey }, body: { bindings: [{ vectorStoreId: store.id }] } });
  const { id: keyId } = await call('createApiKey', { body: { name: `${marker} key`, role: 'viewer' } });
  return {
    'vector-stores': store.id,
    vector_stores: store.id,
    files: fileId,
    connections: connection.id,
    'sync-runs': run.id,
    deletions: deletion.id,
    transfers: transfer.id,
    'parity-runs': parity.id,
    'api-keys': keyId,
    agents: agentKey,
    tenants: tenant.id,
    plans: 'unlimited',
    ...(await invitePeople(espejo, tenant, marker)),
    file_batches: batch.id,
    uploads: upload.id,
    parts: part.id,
    mirror: mirror.id,
    loose: loose.id,
    planHash: (await call('planDeletion', { body: { storeIds: [store.id], files: 'delete' } })).planHash,
  };
}

/** An open invitation, and a member with their session. */
async function invitePeople(espejo: Espejo, { call, keys }: Tenant, marker: string): Promise<TenantFixture> {
  const invite = (name: string) =>
    call('createInvitation', { body: { email: `${name}@${marker}.example`, role: 'viewer' } });
  const pending = await invite('later');
  const cookie = await accept(espejo, (await invite('now')).token);
  const answer = await espejo.request('GET', '/api/account/sessions', { key: null, headers: { cookie } });
  expectStatus(answer, 200);
  const sessions = answer.json as { data: { id: string }[] };
  const members = await espejo.request('GET', '/api/members', { key: keys.owner });
  const { data } = members.json as { data: { id: string; user: { email: string } }[] };
  return {
    invitations: pending.id,
    members: data.find(({ user }) => user.email.startsWith('now@'))?.id ?? '',
    sessions: sessions.data[0]?.id ?? '',
  };
}
