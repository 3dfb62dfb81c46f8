import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpenAiError } from '@espejo/contracts/openai';
import { answerControl } from './control/answer-control.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from './create-sandbox.ts';
import type { Delivery } from './dispatch.ts';
import { errorReply } from './http/error-reply.ts';
import type { SandboxReply, SandboxRequest } from './http/exchange.ts';

export interface StartSandboxOptions extends SandboxOptions {
  /** Default 0: any free one. */
  readonly port?: number | undefined;
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** A larger body is rejected with 413. Default 512 MiB and the form around it. */
  readonly bodyBytesMax?: number | undefined;
  /** An existing sandbox, instead of a new one from the other options. */
  readonly sandbox?: Sandbox | undefined;
}

/** A sandbox that listens. */
export interface RunningSandbox extends Sandbox {
  /** The base URL; ends with `/v1`. */
  readonly url: string;
  /** The URL of the controls; ends with `/_sandbox`. */
  readonly controlUrl: string;
  /** Stops listening and closes every connection, hanging ones too. */
  close(): Promise<void>;
}

const BODY_BYTES_MAX_DEFAULT = 513 * 2 ** 20;

/** Starts a sandbox on a port of its own. */
export async function startSandbox(options: StartSandboxOptions = {}): Promise<RunningSandbox> {
  const sandbox = options.sandbox ?? createSandbox(options);
  const host = options.host ?? '127.0.0.1';
  const bodyBytesMax = options.bodyBytesMax ?? BODY_BYTES_MAX_DEFAULT;
  const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    serve(sandbox, bodyBytesMax, request, response).catch((error: unknown) => {
      // A client that left while sending is not an error of this server.
      if (request.errored === null) console.error(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://${host}:${port}`;
  return {
    ...sandbox,
    url: `${origin}/v1`,
    controlUrl: `${origin}/_sandbox`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  sandbox: Sandbox,
  bodyBytesMax: number,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const body = await readBody(incoming, bodyBytesMax);
  if (body === null) {
    response.setHeader('connection', 'close');
    sendReply(
      response,
      errorReply(new OpenAiError(413, `The request body is larger than the maximum of ${bodyBytesMax} bytes.`)),
    );
    return;
  }
  const request: SandboxRequest = {
    method: incoming.method ?? 'GET',
    path: mark === -1 ? url : url.slice(0, mark),
    query: mark === -1 ? '' : url.slice(mark + 1),
    headers: incoming.headers as SandboxRequest['headers'],
    body,
  };
  if (request.path.startsWith('/_sandbox')) sendReply(response, await answerControl(sandbox, request));
  else if (request.path === '/v1' || request.path.startsWith('/v1/')) send(response, await sandbox.handle(request));
  else sendReply(response, errorReply(new OpenAiError(404, `Invalid URL (${request.method} ${request.path})`)));
}

function send(response: ServerResponse, delivery: Delivery): void {
  switch (delivery.kind) {
    case 'reply':
      sendReply(response, delivery.reply);
      return;
    case 'drop':
      response.destroy();
      return;
    case 'truncated': {
      const body = Buffer.from(delivery.reply.body);
      response.writeHead(delivery.reply.status, { ...delivery.reply.headers, 'content-length': body.byteLength });
      response.write(body.subarray(0, Math.floor(body.byteLength * delivery.share)), () => response.destroy());
      return;
    }
    case 'hang':
    // Nothing is ever sent: the caller's time-out, or close(), ends it.
  }
}

function sendReply(response: ServerResponse, reply: SandboxReply): void {
  response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) });
  response.end(reply.body);
}

/** The whole body; null when it is too large. */
async function readBody(incoming: IncomingMessage, bodyBytesMax: number): Promise<Uint8Array | null> {
  if (incoming.method === 'GET') return new Uint8Array();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > bodyBytesMax) return null;
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}
