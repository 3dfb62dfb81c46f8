import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type WireRow = { id: string } & Record<string, unknown>;

/**
 * A server that implements OpenAI's API differently, as gateways and compatible servers do: another base path, pages of five
 * whatever the limit, rows that lack some fields and have extra ones, no scope headers. It accepts
 * and counts writes; a mirror sends none.
 */
export interface QuirkyServer {
  readonly baseUrl: string;
  readonly stores: WireRow[];
  readonly files: WireRow[];
  /** By store id. */
  readonly attachments: Map<string, WireRow[]>;
  /** Each request, `GET /vector_stores?limit=100`. */
  readonly requests: string[];
  /** Write requests. */
  readonly writes: string[];
  /** Requests without the right key. */
  readonly refused: string[];
  close(): Promise<void>;
}

export const QUIRKY_KEY = 'gw-7a1e-not-an-openai-key';
const BASE_PATH = '/gateway/openai-compat/v9';
const PAGE_MAX = 5;

export async function startQuirkyServer(): Promise<QuirkyServer> {
  const world = createWorld();
  const requests: string[] = [];
  const writes: string[] = [];
  const refused: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://host');
    const line = `${request.method} ${url.pathname.replace(BASE_PATH, '')}${url.search}`;
    requests.push(line);
    if (request.method !== 'GET') writes.push(line);
    if (request.headers.authorization !== `Bearer ${QUIRKY_KEY}`) {
      refused.push(line);
      reply(response, 401, { error: { message: 'who are you?', code: 401 } });
    } else answer(world, url, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    // Pasted URLs often end with a slash.
    baseUrl: `http://127.0.0.1:${address.port}${BASE_PATH}/`,
    ...world,
    requests,
    writes,
    refused,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type World = Pick<QuirkyServer, 'stores' | 'files' | 'attachments'>;

function answer(world: World, url: URL, request: IncomingMessage, response: ServerResponse): void {
  const segments = url.pathname.startsWith(BASE_PATH)
    ? url.pathname
        .slice(BASE_PATH.length + 1)
        .split('/')
        .map(decodeURIComponent)
    : [];
  const [kind, id, sub, subId] = segments;
  if (request.method !== 'GET') reply(response, 200, { id: id ?? 'new', deleted: true });
  else if (kind === 'files') find(response, url, world.files, id, 'file');
  else if (kind === 'vector_stores' && sub === undefined) find(response, url, world.stores, id, 'vector store');
  else if (kind === 'vector_stores' && sub === 'files' && id !== undefined) {
    find(response, url, world.attachments.get(id), subId, 'file');
  } else reply(response, 404, { detail: 'Not Found' });
}

function find(
  response: ServerResponse,
  url: URL,
  rows: WireRow[] | undefined,
  id: string | undefined,
  noun: string,
): void {
  const row = id === undefined ? undefined : rows?.find((candidate) => candidate.id === id);
  if (rows === undefined || (id !== undefined && row === undefined)) {
    reply(response, 404, {
      error: { message: `No such ${noun}: '${id}'`, type: 'invalid_request_error', param: 'id', code: null },
    });
  } else if (row !== undefined) reply(response, 200, row);
  else list(response, url, rows);
}

function list(response: ServerResponse, url: URL, rows: readonly WireRow[]): void {
  const after = url.searchParams.get('after');
  const start = after === null ? 0 : rows.findIndex((row) => row.id === after) + 1;
  const limit = Math.min(PAGE_MAX, Number(url.searchParams.get('limit') ?? 20));
  const data = rows.slice(start, start + limit);
  // No `object`, no `first_id`, no `last_id`: only the rows and has_more.
  reply(response, 200, { data, has_more: start + limit < rows.length });
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

function createWorld(): World {
  const counts = (total: number, failed = 0) => ({
    in_progress: 0,
    completed: total - failed,
    failed,
    cancelled: 0,
    total,
  });
  const stores: WireRow[] = [
    // Everything OpenAI sends, and more.
    {
      id: 'vs_full',
      object: 'vector_store',
      created_at: 1_700_000_000,
      name: 'Everything',
      description: 'All fields',
      usage_bytes: 123_456_789_012,
      file_counts: counts(12, 1),
      status: 'completed',
      expires_after: { anchor: 'last_active_at', days: 7 },
      expires_at: 1_800_604_800,
      last_active_at: 1_800_000_000,
      metadata: { team: 'search', 'key with spaces': '', emoji: '🧭' },
      embedding_model: 'nomic-embed-text-v1.5',
      shards: { primary: 2, replicas: [1, 2, 3], isSealed: false, note: null },
    },
    // As few fields as possible: no description, no last_active_at, no expiry, no metadata, no object.
    {
      id: 'vs_bare',
      created_at: 1_700_000_001,
      name: null,
      usage_bytes: 0,
      file_counts: counts(0),
      status: 'completed',
    },
    // An unknown status and an unknown expiry policy.
    {
      id: 'vs_hibernating',
      object: 'vector_store',
      created_at: 1_700_000_002,
      name: '  <b>Ünïcødé</b> ‮rtl‬ 名前 \u0000 ',
      usage_bytes: 5,
      file_counts: counts(3),
      status: 'hibernating',
      expires_after: { anchor: 'created_at', hours: 36, tags: ['a', { deep: true }] },
      expires_at: null,
      metadata: null,
    },
    // An id that must be encoded in a path.
    {
      id: 'vs 100%/ü?#',
      created_at: 1_700_000_003,
      name: 'Odd id',
      usage_bytes: 1,
      file_counts: counts(1),
      status: 'completed',
      metadata: {},
    },
    ...Array.from({ length: 9 }, (_, i) => ({
      id: `vs_more_${i}`,
      object: 'vector_store',
      created_at: 1_700_000_100 + i,
      name: 'Same name',
      usage_bytes: i,
      file_counts: counts(0),
      status: 'in_progress',
      metadata: {},
    })),
  ];
  const files: WireRow[] = Array.from({ length: 17 }, (_, i) => ({
    id: `file-q${i}`,
    object: 'file',
    filename: i === 0 ? 'résumé (final) 名.pdf' : `doc ${i}.txt`,
    bytes: i === 3 ? null : 1000 + i,
    purpose: i === 15 ? 'user_data' : 'assistants',
    created_at: 1_600_000_000 + i,
    ...(i % 2 === 0 ? { status: 'processed', expires_at: null } : {}),
    ...(i === 4 ? { owner: { team: 'ops' }, checksum: 'sha256:00' } : {}),
  }));
  const attachment = (fileId: string, storeId: string, more: Record<string, unknown> = {}): WireRow => ({
    id: fileId,
    object: 'vector_store.file',
    created_at: 1_700_000_500,
    vector_store_id: storeId,
    status: 'completed',
    ...more,
  });
  const attachments = new Map<string, WireRow[]>(stores.map((store) => [store.id, []]));
  attachments.set('vs_full', [
    attachment('file-q0', 'vs_full', {
      usage_bytes: 900,
      attributes: { lang: 'pt-BR', score: 0.1, year: 2024, isDraft: false, ключ: 'значение', empty: '' },
      chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
      last_error: null,
      indexed_with: ['bm25', 'hnsw'],
    }),
    attachment('file-q1', 'vs_full', {
      status: 'failed',
      last_error: { code: 'unsupported_file', message: 'no', hint: 1 },
    }),
    attachment('file-q2', 'vs_full', { attributes: {}, chunking_strategy: { type: 'semantic', threshold: 0.75 } }),
    attachment('file-q3', 'vs_full', { status: 'quarantined', attributes: null, usage_bytes: 0 }),
    // In the store, but not among the project's files.
    attachment('file-gone', 'vs_full'),
    ...Array.from({ length: 7 }, (_, i) => attachment(`file-q${i + 4}`, 'vs_full', { usage_bytes: i })),
  ]);
  attachments.set(
    'vs_hibernating',
    ['file-q0', 'file-q11', 'file-q12'].map((id) => attachment(id, 'vs_hibernating')),
  );
  // A row without the id of its store.
  attachments.set('vs 100%/ü?#', [{ id: 'file-q13', created_at: 1_700_000_600, status: 'completed' }]);
  return { stores, files, attachments };
}
