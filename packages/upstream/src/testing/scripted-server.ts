import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

interface SeenRequest {
  readonly method: string;
  /** Path with query, without the base path. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly index: number;
}

/** Answers one request; may also leave it hanging or destroy its socket. */
export type Script = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

export interface ScriptedServer {
  readonly baseUrl: string;
  readonly requests: readonly SeenRequest[];
  close(): Promise<void>;
}

const BASE_PATH = '/v1';

/** A raw HTTP server on a free local port, for faults that a well-behaved server cannot produce. */
export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  const server = createServer((message, response) => {
    const url = (message.url ?? '').replace(BASE_PATH, '');
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const seen: SeenRequest = {
      method: message.method ?? '',
      url,
      path: pathname,
      query: searchParams,
      headers: message.headers,
      index: requests.length,
    };
    requests.push(seen);
    Promise.resolve(script(seen, response)).catch((error: unknown) => response.destroy(new Error(String(error))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    baseUrl: `http://127.0.0.1:${address.port}${BASE_PATH}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: { readonly [name: string]: string } = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** An error with OpenAI's wording. */
export function sendError(
  response: ServerResponse,
  status: number,
  error: { readonly message: string; readonly param?: string; readonly code?: string },
  headers: { readonly [name: string]: string } = {},
): void {
  const { message, param = null, code = null } = error;
  sendJson(response, status, { error: { message, type: 'invalid_request_error', param, code } }, headers);
}
