import type { HttpClient, Json } from './http.ts';

/** Espejo's own API, for what OpenAI's API does not support. */
export function createEspejoApi(http: HttpClient) {
  const apiUrl = `${http.baseUrl.replace(/\/v1$/, '')}/api`;
  const send = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, subject: string, json?: unknown) =>
    http.request({ method, path: `${apiUrl}${path}`, subject, ...(json !== undefined && { json }) });
  return {
    planDeletion: async (storeId: string, files: 'delete' | 'keep') =>
      (await send('POST', '/deletion-plans', `plan the deletion of vector store ${storeId}`, {
        storeIds: [storeId],
        files,
      })) as unknown as DeletionPlan,
    startDeletion: async (planHash: string) =>
      (await send('POST', '/deletions', 'start the planned deletion', { planHash })) as unknown as { id: string },
    getDeletion: async (id: string) =>
      (await send('GET', `/deletions/${id}`, `deletion ${id}`)) as unknown as {
        status: 'waiting' | 'running' | 'succeeded' | 'parked' | 'cancelled';
        message: string | null;
      },
    changeStore: (id: string, edit: Json) =>
      send('PATCH', `/vector-stores/${encodeURIComponent(id)}`, `change vector store ${id}`, edit),
    getStore: async (id: string) =>
      (await send('GET', `/vector-stores/${encodeURIComponent(id)}`, `vector store ${id}`)) as unknown as {
        readOnlyReason: string | null;
        source: string;
      },
    getAgent: async (key: string) =>
      (await send('GET', `/agents/${encodeURIComponent(key)}`, `agent ${key}`)) as unknown as Agent,
    putAgent: async (key: string, bindings: readonly AgentBinding[]) =>
      (await send('PUT', `/agents/${encodeURIComponent(key)}`, `bind agent ${key}`, { bindings })) as unknown as Agent,
    deleteAgent: (key: string) => send('DELETE', `/agents/${encodeURIComponent(key)}`, `delete agent ${key}`),
    storageDebt: async () =>
      (await send('GET', '/storage-debt', 'storage cost')) as unknown as {
        rates: { usdPerGbDay: number; freeGb: number };
      },
  };
}
export type EspejoApi = ReturnType<typeof createEspejoApi>;

export interface DeletionPlan {
  readonly planHash: string;
  readonly counts: {
    readonly stores: number;
    readonly filesToDelete: number;
    readonly filesKept: number;
    readonly attachmentsToDetach: number;
  };
  readonly agents: readonly { readonly agentKey: string; readonly mode: string }[];
  readonly agentCount: number;
  readonly usageBytes: number;
  readonly savings: { readonly perMonth: number };
  readonly isUndoable: boolean;
  readonly consequences: readonly string[];
  readonly warnings: readonly { readonly message: string }[];
}

export interface AgentBinding {
  readonly vectorStoreId: string;
  readonly mode: 'required' | 'default';
  readonly options: {
    readonly maxNumResults: number | null;
    readonly filters: Json | null;
    readonly ranker: string | null;
    readonly scoreThreshold: number | null;
    readonly includeSearchResults: boolean;
  };
}

export interface Agent {
  readonly agentKey: string;
  readonly bindings: readonly AgentBinding[];
}
