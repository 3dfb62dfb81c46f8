import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export const DIMENSIONS = 16;

/** An intercepted embedding request. */
export interface Caught {
  readonly reached: Promise<void>;
  /** After the kill: no request is intercepted any more. */
  release(): void;
}

/** An embeddings endpoint with configurable failures, which holds the request at which a process is killed. */
export interface EmbeddingServer extends AsyncDisposable {
  readonly baseUrl: string;
  readonly requestCount: number;
  /** Every n-th request answers 503; 0: none. */
  failEvery(count: number): void;
  /** Intercepts the n-th request from now on, before or after it is answered. */
  catchNth(nth: number, isAnswered: boolean): Caught;
}

export async function startEmbeddingServer(): Promise<EmbeddingServer> {
  let requestCount = 0;
  let failsEvery = 0;
  let trap: { nth: number; isAnswered: boolean; reach: () => void } | undefined;

  const server = createServer(async (request, response) => {
    const body = await json(request).catch(() => null);
    if (body === null) return;
    const { input, model } = body as { input: string[]; model: string };
    requestCount += 1;
    const isCaught = trap !== undefined && --trap.nth === 0 ? trap : undefined;
    if (isCaught !== undefined) {
      if (isCaught.isAnswered) answer(response, model, input);
      isCaught.reach();
      return;
    }
    if (failsEvery > 0 && requestCount % failsEvery === 0) {
      response.writeHead(503, { 'content-type': 'application/json', 'retry-after-ms': '5' });
      response.end(JSON.stringify({ error: { message: 'overloaded', type: 'server_error', param: null, code: null } }));
      return;
    }
    answer(response, model, input);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    get requestCount() {
      return requestCount;
    },
    failEvery(count) {
      failsEvery = count;
    },
    catchNth(nth, isAnswered) {
      const reached = Promise.withResolvers<void>();
      trap = { nth, isAnswered, reach: reached.resolve };
      return {
        reached: reached.promise,
        release() {
          trap = undefined;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(response: ServerResponse, model: string, input: readonly string[]): void {
  const data = input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(model, text) }));
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ object: 'list', model, data, usage: { prompt_tokens: 1, total_tokens: 1 } }));
}

/** The vector of a text; deterministic for model and text. */
function vectorOf(model: string, text: string): string {
  const bytes = createHash('sha512').update(`${model} ${text}`).digest();
  const vector = Float32Array.from({ length: DIMENSIONS }, (_, i) => bytes.readInt16LE(i * 2));
  const length = Math.hypot(...vector);
  return Buffer.from(vector.map((value) => value / length).buffer).toString('base64');
}
