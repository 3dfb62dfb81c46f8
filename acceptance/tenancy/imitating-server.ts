import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

/** What the server lists under ids of another tenant: stores, and the files in each. */
export type Listed = ReadonlyMap<string, readonly string[]>;

/** A server with OpenAI's API that lists arbitrary ids, also those of another tenant of Espejo. */
export interface ImitatingServer extends AsyncDisposable {
  readonly url: string;
  /** Each write request: `DELETE /files/file-1`. */
  readonly writes: readonly string[];
  /** From now on. */
  list(listed: Listed): void;
}

/** Text of the only search result: it must never appear as content of a primary store. */
export const IMITATED_TEXT = 'imitated words';

export async function startImitatingServer(): Promise<ImitatingServer> {
  let stores = new Map<string, string[]>();
  const writes: string[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://host');
    const [kind, id, sub, fileId] = url.pathname.split('/').slice(2).map(decodeURIComponent);
    const files = [...new Set([...stores.values()].flat())];
    if (request.method === 'POST') {
      await json(request);
      const data = [{ file_id: files[0], filename: 'imitated.txt', score: 0.9, attributes: {}, content: [TEXT] }];
      const page = { object: 'vector_store.search_results.page', search_query: ['words'], data };
      return reply(response, 200, { ...page, has_more: false, next_page: null });
    }
    if (request.method === 'DELETE') {
      writes.push(`DELETE ${url.pathname.replace('/v1', '')}`);
      const gone = fileId ?? id ?? '';
      if (fileId !== undefined)
        stores.set(
          id ?? '',
          (stores.get(id ?? '') ?? []).filter((one) => one !== fileId),
        );
      else if (kind === 'vector_stores') stores.delete(gone);
      else
        for (const [store, held] of stores)
          stores.set(
            store,
            held.filter((one) => one !== gone),
          );
      return reply(response, 200, { id: gone, object: 'deleted', deleted: true });
    }
    if (kind === 'files') return answer(response, files.map(fileRow), id, 'file');
    if (sub === undefined) return answer(response, [...stores].map(storeRow), id, 'vector store');
    const held = stores.get(id ?? '');
    if (held === undefined) return notFound(response, 'vector store', id);
    if (url.pathname.endsWith('/content'))
      return reply(response, 200, { object: 'page', data: [TEXT], has_more: false });
    return answer(
      response,
      held.map((one) => attachmentRow(id ?? '', one)),
      fileId,
      'file',
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    writes,
    list: (listed) => {
      stores = new Map([...listed].map(([id, files]) => [id, [...files]]));
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const TEXT = { type: 'text', text: IMITATED_TEXT };
const CREATED_AT = 1_700_000_000;

/** It always reports files in progress, so that clients of the event stream keep waiting. */
function storeRow([id, files]: readonly [string, readonly string[]]) {
  const total = files.length + 1;
  return {
    id,
    object: 'vector_store',
    created_at: CREATED_AT,
    name: 'Imitation',
    usage_bytes: 1,
    file_counts: { in_progress: 1, completed: files.length, failed: 0, cancelled: 0, total },
    status: 'completed',
    expires_after: null,
    expires_at: null,
    last_active_at: CREATED_AT,
    metadata: {},
  };
}

function fileRow(id: string) {
  const purpose = 'assistants';
  return {
    id,
    object: 'file',
    filename: 'imitated.txt',
    bytes: 1,
    purpose,
    created_at: CREATED_AT,
    status: 'processed',
  };
}

function attachmentRow(storeId: string, id: string) {
  return {
    id,
    object: 'vector_store.file',
    created_at: CREATED_AT,
    vector_store_id: storeId,
    status: 'completed',
    usage_bytes: 1,
    last_error: null,
    attributes: { imitated: true },
  };
}

function answer(response: ServerResponse, rows: readonly { id: string }[], id: string | undefined, noun: string): void {
  const row = rows.find((candidate) => candidate.id === id);
  const [first, last] = [rows[0]?.id ?? null, rows.at(-1)?.id ?? null];
  if (row !== undefined) reply(response, 200, row);
  else if (id !== undefined) notFound(response, noun, id);
  else reply(response, 200, { object: 'list', data: rows, first_id: first, last_id: last, has_more: false });
}

function notFound(response: ServerResponse, noun: string, id: string | undefined): void {
  const message = `No ${noun} found with id '${id}'.`;
  reply(response, 404, { error: { message, type: 'invalid_request_error', param: null, code: null } });
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
