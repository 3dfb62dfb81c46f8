import {
  type ApplyContext,
  type CallContext,
  type ObjectValue,
  PluginError,
  type PrivateData,
} from '@espejo/terraform-plugin';
import type { Client } from '../client/client.ts';
import type { DeletionPlan } from '../client/espejo.ts';
import { HttpError } from '../client/http-error.ts';
import { waitUntil } from '../client/wait-until.ts';
import { secondsOf } from './attributes.ts';

/** The limits of a planned deletion; the apply deletes no more than this. */
interface Promised {
  readonly planHash?: string;
  readonly filesToDelete: number;
  readonly agents: readonly string[];
}

const PURPOSE_OF_STORES = 'assistants';

/**
 * Finds what the deletion of a store includes and adds it to the plan's warnings. With Espejo the deletion is planned there,
 * and its hash is stored, so that exactly this plan is executed.
 */
export async function planStoreDeletion(
  client: Client,
  prior: ObjectValue,
  warn: CallContext<Client>['warn'],
): Promise<PrivateData | undefined> {
  const id = String(prior.id);
  const name = `${String(prior.name ?? 'Vector store')} (${id})`;
  const isCascade = prior.on_destroy === 'cascade';
  if (prior.source !== null) {
    const plan = await unlessGone(client.espejo.planDeletion(id, isCascade ? 'delete' : 'keep'));
    if (plan === undefined || plan.counts.stores === 0) return undefined;
    warn(`Deletion of ${name}`, deletionWords(plan));
    const promised: Promised = {
      planHash: plan.planHash,
      filesToDelete: plan.counts.filesToDelete,
      agents: plan.agents.map(({ agentKey }) => agentKey),
    };
    return { deletion: promised };
  }
  if (!isCascade) return undefined;
  const { own, shared } = await filesOfStore(client, id);
  warn(
    `Deletion of ${name}`,
    `${files(own.length)} that no other store contains will be deleted with it; ${files(shared)} will be detached and kept. This cannot be undone.`,
  );
  return { deletion: { filesToDelete: own.length, agents: [] } satisfies Promised };
}

/** Deletes a store according to `on_destroy`, and no more than planned. */
export async function carryOutDeletion(
  client: Client,
  prior: ObjectValue,
  context: ApplyContext<Client>,
): Promise<void> {
  const id = String(prior.id);
  const promised = context.private.deletion as Promised | undefined;
  if (prior.source !== null) {
    await deleteThroughLedger(client, prior, promised, context);
    return;
  }
  if (prior.on_destroy === 'cascade') {
    const { own } = await filesOfStore(client, id);
    refuseMore(id, promised, own.length, []);
    for (const fileId of own) {
      context.signal.throwIfAborted();
      await client.openai.detach(id, fileId);
      await client.openai.deleteFile(fileId);
    }
  }
  await client.openai.deleteStore(id);
}

async function deleteThroughLedger(
  client: Client,
  prior: ObjectValue,
  promised: Promised | undefined,
  context: ApplyContext<Client>,
): Promise<void> {
  const id = String(prior.id);
  const deletionId = await startPromised(client, prior, promised);
  if (deletionId === undefined) return;
  const ended = await waitUntil(
    {
      client,
      signal: context.signal,
      timeoutSeconds: secondsOf(prior),
      what: `Deletion ${deletionId} of vector store ${id} is recorded at Espejo.`,
    },
    async () => {
      const deletion = await client.espejo.getDeletion(deletionId);
      return deletion.status === 'waiting' || deletion.status === 'running' ? undefined : deletion;
    },
  );
  if (ended.status === 'succeeded') return;
  throw new PluginError(
    'The deletion did not finish',
    `Deletion ${deletionId} is ${ended.status}: ${ended.message ?? 'no reason is given'}. See it in Espejo’s console under Deletions; retry it there, or apply again.`,
  );
}

/**
 * Starts the planned deletion. Changes of this run (files it detached) make that plan stale; then a new
 * plan is executed if it deletes nothing more.
 */
async function startPromised(
  client: Client,
  prior: ObjectValue,
  promised: Promised | undefined,
): Promise<string | undefined> {
  const id = String(prior.id);
  if (promised?.planHash !== undefined) {
    try {
      return (await client.espejo.startDeletion(promised.planHash)).id;
    } catch (cause) {
      if (!(cause instanceof HttpError && (cause.status === 409 || cause.status === 404))) throw cause;
    }
  }
  const plan = await unlessGone(client.espejo.planDeletion(id, prior.on_destroy === 'cascade' ? 'delete' : 'keep'));
  if (plan === undefined || plan.counts.stores === 0) return undefined;
  refuseMore(
    id,
    promised,
    plan.counts.filesToDelete,
    plan.agents.map(({ agentKey }) => agentKey),
  );
  return (await client.espejo.startDeletion(plan.planHash)).id;
}

function refuseMore(
  id: string,
  promised: Promised | undefined,
  filesToDelete: number,
  agents: readonly string[],
): void {
  if (promised === undefined) return;
  const newAgents = agents.filter((agent) => !promised.agents.includes(agent));
  if (filesToDelete <= promised.filesToDelete && newAgents.length === 0) return;
  throw new PluginError(
    'More would be deleted than was planned',
    `Vector store ${id} changed since the plan: ${files(filesToDelete)} would be deleted instead of ${promised.filesToDelete}${newAgents.length === 0 ? '' : `, and agents use it now: ${newAgents.join(', ')}`}. Plan again and check the plan.`,
  );
}

/** The files that only this store contains, and how many are shared or kept for another purpose. */
async function filesOfStore(client: Client, id: string): Promise<{ own: readonly string[]; shared: number }> {
  const held = new Set<string>();
  for await (const file of client.openai.storeFiles(id)) held.add(file.id);
  const own = new Set<string>();
  for await (const file of client.openai.files(`?purpose=${PURPOSE_OF_STORES}`)) {
    if (held.has(file.id)) own.add(file.id);
  }
  if (own.size > 0) {
    for await (const store of client.openai.stores()) {
      if (store.id === id || store.file_counts.total === 0) continue;
      for await (const file of client.openai.storeFiles(store.id)) own.delete(file.id);
    }
  }
  return { own: [...own], shared: held.size - own.size };
}

function deletionWords(plan: DeletionPlan): string {
  const { counts } = plan;
  const agents = plan.agents.map(({ agentKey, mode }) => `${agentKey} (${mode})`).join(', ');
  return [
    `${files(counts.filesToDelete)} deleted, ${files(counts.filesKept)} kept, ${counts.attachmentsToDetach} attachments removed, ${plan.usageBytes} indexed bytes, about ${plan.savings.perMonth.toFixed(2)} USD a month less.`,
    ...(plan.agentCount === 0 ? [] : [`Agents that use it: ${agents}.`]),
    ...plan.consequences,
    ...plan.warnings.map(({ message }) => message),
  ].join('\n');
}

const files = (count: number): string => (count === 1 ? '1 file' : `${count} files`);

async function unlessGone<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (cause) {
    if (cause instanceof HttpError && cause.status === 404) return undefined;
    throw cause;
  }
}
