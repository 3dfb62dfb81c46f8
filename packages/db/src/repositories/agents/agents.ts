import type { BindingMode, FileSearchOptions, StoreUse } from '@espejo/core';
import { and, asc, countDistinct, eq, gt, inArray, type SQL, sql } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { agentVectorStore, vectorStore } from '../../schema/index.ts';
import { toRecord, type VectorStoreRecord } from '../vector-stores/vector-stores.ts';

export interface AgentBinding {
  readonly vectorStoreId: string;
  /** The store's name when it was bound. */
  readonly storeName: string | null;
  readonly mode: BindingMode;
  readonly options: FileSearchOptions;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A binding with the current state of its store. */
export interface AgentBindingRecord extends AgentBinding {
  /** Null: the store does not exist any more. */
  readonly store: VectorStoreRecord | null;
}

export interface AgentRecord {
  readonly key: string;
  /** In the agent's order; never empty. */
  readonly bindings: readonly AgentBindingRecord[];
}

/** Which stores each agent searches. */
export function createAgentRepository({ orm, statement }: Handle) {
  async function read(tenantId: string, agentKeys: readonly string[]): Promise<AgentRecord[]> {
    const rows = await orm
      .select()
      .from(agentVectorStore)
      .leftJoin(
        vectorStore,
        and(eq(vectorStore.tenantId, agentVectorStore.tenantId), eq(vectorStore.id, agentVectorStore.vectorStoreId)),
      )
      .where(and(eq(agentVectorStore.tenantId, tenantId), inArray(agentVectorStore.agentKey, [...agentKeys])))
      .orderBy(asc(agentVectorStore.agentKey), asc(agentVectorStore.position));
    const agents = Map.groupBy(rows, (row) => row.agent_vector_stores.agentKey);
    return [...agents].map(([key, own]) => ({
      key,
      bindings: own.map(({ agent_vector_stores: row, vector_store: store }) => ({
        vectorStoreId: row.vectorStoreId,
        storeName: row.storeName,
        mode: row.mode,
        options: JSON.parse(row.options) as FileSearchOptions,
        createdAtMs: row.createdAtMs,
        updatedAtMs: row.updatedAtMs,
        store: store === null ? null : toRecord(store),
      })),
    }));
  }
  return {
    async find(tenantId: string, agentKey: string): Promise<AgentRecord | undefined> {
      return (await read(tenantId, [agentKey]))[0];
    },
    /** By key, after a given one. */
    async list(input: {
      readonly tenantId: string;
      /** Matches a part of the key. */
      readonly text: string | undefined;
      readonly after: string | undefined;
      readonly limit: number;
    }): Promise<{ agents: AgentRecord[]; total: number }> {
      const { tenantId, text, after, limit } = input;
      const { agentKey } = agentVectorStore;
      const filter: SQL | undefined = and(
        eq(agentVectorStore.tenantId, tenantId),
        text === undefined ? undefined : sql`instr(lower(${agentKey}), ${text.toLowerCase()}) > 0`,
      );
      const totals = await orm
        .select({ total: countDistinct(agentKey) })
        .from(agentVectorStore)
        .where(filter);
      const keys = await orm
        .selectDistinct({ agentKey })
        .from(agentVectorStore)
        .where(and(filter, after === undefined ? undefined : gt(agentKey, after)))
        .orderBy(asc(agentKey))
        .limit(limit);
      const agents = await read(
        tenantId,
        keys.map((row) => row.agentKey),
      );
      return { agents, total: totals[0]?.total ?? 0 };
    },
    /** Replaces all bindings of the agent. */
    async replace(tenantId: string, agentKey: string, bindings: readonly AgentBinding[]): Promise<void> {
      await orm.delete(agentVectorStore).where(byKey(tenantId, agentKey));
      if (bindings.length === 0) return;
      await orm.insert(agentVectorStore).values(
        bindings.map((binding, position) => ({
          ...binding,
          tenantId,
          agentKey,
          position,
          options: JSON.stringify(binding.options),
        })),
      );
    },
    async remove(tenantId: string, agentKey: string): Promise<void> {
      await orm.delete(agentVectorStore).where(byKey(tenantId, agentKey));
    },
    /** Which agents use these stores, by store and agent. */
    async listUses(tenantId: string, storeIds: readonly string[]): Promise<StoreUse[]> {
      const rows = statement(
        `select vector_store_id, agent_key, mode from agent_vector_stores
          where tenant_id = ? and vector_store_id in (select value from json_each(?))
          order by vector_store_id, agent_key`,
      )
        .raw()
        .all(tenantId, JSON.stringify(storeIds)) as [string, string, BindingMode][];
      return rows.map(([storeId, agentKey, mode]) => ({ storeId, agentKey, mode }));
    },
  };
}

function byKey(tenantId: string, agentKey: string) {
  return and(eq(agentVectorStore.tenantId, tenantId), eq(agentVectorStore.agentKey, agentKey));
}
