/** Changes the upstream project and injects faults into it. */
export interface SandboxControl {
  /** Adds a fault; see packages/sandbox/src/faults/fault.ts. */
  addFault(fault: Readonly<Record<string, unknown>>): Promise<void>;
  clearFaults(): Promise<void>;
  seed(size: Readonly<Record<string, unknown>>): Promise<void>;
  listStores(): Promise<readonly { id: string; name: string | null }[]>;
  createStore(body: Readonly<Record<string, unknown>>): Promise<{ id: string }>;
  createFile(filename: string, content: string): Promise<{ id: string }>;
  deleteStore(id: string): Promise<void>;
  exists(path: string): Promise<boolean>;
  /** How many requests it has answered on a route, which is written with `*` for an id. */
  countRequests(route: string): Promise<number>;
}

/** `key` selects the project: a sandbox can have several, each with its own key. */
export function createSandboxControl(origin: string, key = 'sk-journey'): SandboxControl {
  async function send(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${origin}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await send(method, path, body);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
  return {
    addFault: async (fault) => void (await call('POST', '/_sandbox/faults', fault)),
    clearFaults: async () => void (await call('DELETE', '/_sandbox/faults')),
    seed: async (size) => void (await call('POST', '/_sandbox/seed', size)),
    async listStores() {
      const stores: { id: string; name: string | null }[] = [];
      for (let after = ''; ; ) {
        const page = await call<{ data: { id: string; name: string | null }[]; has_more: boolean }>(
          'GET',
          `/v1/vector_stores?limit=100${after}`,
        );
        stores.push(...page.data);
        if (!page.has_more) return stores;
        after = `&after=${page.data.at(-1)?.id}`;
      }
    },
    createStore: (body) => call('POST', '/v1/vector_stores', body),
    async createFile(filename, content) {
      const form = new FormData();
      form.set('purpose', 'assistants');
      form.set('file', new Blob([content]), filename);
      const response = await fetch(`${origin}/v1/files`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: form,
      });
      if (!response.ok) throw new Error(`upload: ${response.status} ${await response.text()}`);
      return (await response.json()) as { id: string };
    },
    deleteStore: async (id) => void (await call('DELETE', `/v1/vector_stores/${id}`)),
    exists: async (path) => (await send('GET', `/v1${path}`)).ok,
    async countRequests(route) {
      const { byRoute } = await call<{ byRoute: Record<string, number> }>('GET', '/_sandbox/requests');
      return byRoute[route] ?? 0;
    },
  };
}
