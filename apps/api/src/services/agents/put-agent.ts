import { SearchFilter } from '@espejo/contracts/openai';
import { AppError, type AttributeFilter, type Authorized, type FileSearchOptions, readFilter } from '@espejo/core';
import type { AgentBinding } from '@espejo/db';
import type { RecordContext } from '../context/app-context.ts';
import { assertServable } from '../lookup/assert-servable.ts';
import { findVectorStore } from '../lookup/find-vector-store.ts';
import { getAgent } from './get-agent.ts';
import type { PutAgentInput } from './inputs.ts';
import type { Agent } from './views.ts';

/**
 * Replaces the list of stores that an agent searches. Each must be searchable now: throws `vector_store_not_found`
 * (also for a store of another tenant), `vector_store_expired` and `vector_store_trashed`. A mirror may be bound too,
 * as a binding changes nothing of the store.
 */
export async function putAgent(
  deps: RecordContext,
  input: { by: Authorized<'write'>; key: string; bindings: PutAgentInput['bindings'] },
): Promise<Agent> {
  const { by, key } = input;
  const { tenantId } = by;
  const bindings = input.bindings.map((binding, index) => ({
    ...binding,
    options: readOptions(binding.options, `bindings[${index}].options.filters`),
  }));
  assertNoTwice(bindings.map(({ vectorStoreId }) => vectorStoreId));
  await deps.db.transaction(async (tx) => {
    const nowMs = deps.clock.nowMs();
    const before = (await tx.agents.find(tenantId, key))?.bindings ?? [];
    const after: AgentBinding[] = [];
    for (const { vectorStoreId, mode, options } of bindings) {
      const store = await findVectorStore({ db: { read: tx } }, tenantId, vectorStoreId);
      assertServable(store, nowMs);
      const createdAtMs = before.find((one) => one.vectorStoreId === vectorStoreId)?.createdAtMs ?? nowMs;
      after.push({ vectorStoreId, storeName: store.name, mode, options, createdAtMs, updatedAtMs: nowMs });
    }
    await tx.agents.replace(tenantId, key, after);
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'agent.bound',
      subject: key,
      outcome: 'done',
      detail: { before: toDetail(before), after: toDetail(after) },
    });
  });
  return getAgent(deps, { tenantId, key });
}

/** The bindings as the audit stores them. */
export function toDetail(bindings: readonly AgentBinding[]) {
  return bindings.map(({ vectorStoreId, mode, options }) => ({ vectorStoreId, mode, options }));
}

function readOptions(options: PutAgentInput['bindings'][number]['options'], param: string): FileSearchOptions {
  return { ...options, filters: options.filters === null ? null : readSearchFilter(options.filters, param) };
}

/** A filter must be valid for both Espejo's search and OpenAI's, whose lists hold no booleans. */
function readSearchFilter(input: unknown, param: string): AttributeFilter {
  const read = readFilter(input);
  if (!read.ok) throw badFilter(read.fault.path === '' ? param : `${param}.${read.fault.path}`, read.fault.message);
  if (!SearchFilter.safeParse(read.filter).success) throw badFilter(param, 'A list holds strings and numbers only.');
  return read.filter;
}

function badFilter(param: string, message: string): AppError {
  return new AppError('invalid_request', `Invalid '${param}': ${message}`, { details: { param } });
}

function assertNoTwice(ids: readonly string[]): void {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice === undefined) return;
  throw new AppError('invalid_request', `Invalid 'bindings': vector store '${twice}' is named twice.`, {
    details: { param: 'bindings' },
  });
}
