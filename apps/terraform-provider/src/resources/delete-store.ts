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

/** What a plan promised of a deletion; applying takes no more along than this. */
interface Promised {
  readonly planHash?: string;
  readonly filesToDelete: number;
  readonly agents: readonly string[];
}

const PURPOSE_OF_STORES = 'assistants';

/**
 * Looks at what the end of a store takes along and tells it in the plan's warnings. With Espejo the deletion is planned there,
 * and its hash is kept, so that exactly this plan is carried out.
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
    `${files(own.length)} that no other store holds will be deleted with it; ${files(shared)} will be detached and kept. It cannot be undone.`,
  );
  return { deletion: { filesToDelete: own.length, agents: [] } satisfies Promised };
}

/** Deletes a store as its `on_destroy` says, and no more than its plan said. */
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
      what: `Deletion ${deletionId} of vector store ${id} is on record at Espejo.`,
    },
    async () => {
      const deletion = await client.espejo.getDeletion(deletionId);
      return deletion.status === 'waiting' || deletion.status === 'running' ? undefined : deletion;
    },
  );
  if (ended.status === 'succeeded') return;
  throw new PluginError(
    'The deletion did not come to its end',
    `Deletion ${deletionId} is ${ended.status}: ${ended.message ?? 'no reason is given'}. See it in Espejo’s console under Deletions; retry it there, or apply again.`,
  );
}

/**
 * Starts the deletion that was planned. What this run did in between (files it detached) makes that plan stale; then a new
 * one is carried out, when it takes nothing more along.
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
    `Vector store ${id} changed since the plan: ${files(filesToDelete)} would go with it instead of ${promised.filesToDelete}${newAgents.length === 0 ? '' : `, and agents use it now: ${newAgents.join(', ')}`}. Plan again and look.`,
  );
}

/** The files that only this store holds, and how many others hold as well or are kept for another purpose. */
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
    `${files(counts.filesToDelete)} deleted, ${files(counts.filesKept)} kept, ${counts.attachmentsToDetach} attachments ended, ${plan.usageBytes} indexed bytes, about ${plan.savings.perMonth.toFixed(2)} USD a month less.`,
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
