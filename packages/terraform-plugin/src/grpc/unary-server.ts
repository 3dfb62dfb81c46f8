import { once } from 'node:events';
import {
  createSecureServer,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, ListenOptions } from 'node:net';
import { frame, unframe } from './frame.ts';
import { GrpcError, GrpcStatus, type GrpcStatusCode } from './status.ts';

/*
 * gRPC over HTTP/2 for unary calls, which is all that Terraform uses. Terraform starts a provider three
 * or four times a command, and a full gRPC library takes longer to load, and longer for each call, than everything else.
 * Deadlines are not supported; core sets none.
 */

/** Maps the bytes of a request to the bytes of a response. A thrown error ends the call with an error status. */
export type UnaryMethod = (request: Buffer) => Promise<Uint8Array>;

export interface UnaryServerOptions {
  /** Null: no encryption. Otherwise only a caller with the certificate `clientCertPem` is accepted. */
  readonly tls: { readonly certPem: string; readonly keyPem: string; readonly clientCertPem: string } | null;
  readonly messageBytesMax: number;
}

export interface UnaryServer {
  /** Returns the port; 0 for a socket with a path. */
  listen(place: ListenOptions): Promise<number>;
  /** Accepts no more calls, and resolves when the running ones are answered. */
  close(): Promise<void>;
}

/** Serves methods by their paths, such as `/tfplugin6.Provider/GetProviderSchema`. */
export function createUnaryServer(
  methods: ReadonlyMap<string, UnaryMethod>,
  { tls, messageBytesMax }: UnaryServerOptions,
): UnaryServer {
  // Node ends streams of a connection with more than 10 MB in memory; the caller limits how much is in flight.
  const options = { maxSessionMemory: Number.MAX_SAFE_INTEGER };
  const server =
    tls === null
      ? createServer(options)
      : createSecureServer({
          ...options,
          cert: tls.certPem,
          key: tls.keyPem,
          ca: tls.clientCertPem,
          requestCert: true,
          rejectUnauthorized: true,
        });
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    // The caller is gone.
    stream.on('error', () => undefined);
    serveCall(stream, headers, methods, messageBytesMax);
  });
  return {
    async listen(place) {
      server.listen(place);
      await once(server, 'listening');
      const address = server.address();
      return typeof address === 'object' && address !== null ? (address as AddressInfo).port : 0;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const session of sessions) session.close();
      await closed;
    },
  };
}

function serveCall(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  methods: ReadonlyMap<string, UnaryMethod>,
  messageBytesMax: number,
): void {
  if (headers['content-type']?.startsWith('application/grpc') !== true) {
    stream.respond({ ':status': 415 }, { endStream: true });
    stream.resume();
    return;
  }
  const path = headers[':path'] ?? '';
  const method = methods.get(path);
  if (method === undefined) {
    refuse(stream, GrpcStatus.unimplemented, `There is no method ${path}.`);
    return;
  }
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  stream.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes <= messageBytesMax) chunks.push(chunk);
    else if (!stream.headersSent) {
      chunks.length = 0;
      refuse(stream, GrpcStatus.resourceExhausted, `A message may have ${messageBytesMax} bytes.`);
    }
  });
  stream.on('end', () => {
    if (stream.headersSent) return;
    const [first] = chunks;
    answer(method, chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)).then(
      (message) => {
        if (message.length <= messageBytesMax) respond(stream, message);
        else refuse(stream, GrpcStatus.resourceExhausted, `The answer has ${message.length} bytes.`);
      },
      (cause: unknown) => {
        const code = cause instanceof GrpcError ? cause.status : GrpcStatus.internal;
        refuse(stream, code, cause instanceof Error ? cause.message : 'failed');
      },
    );
  });
}

async function answer(method: UnaryMethod, body: Buffer): Promise<Uint8Array> {
  return method(unframe(body));
}

const HEADERS = { ':status': 200, 'content-type': 'application/grpc', 'grpc-accept-encoding': 'identity' } as const;

function respond(stream: ServerHttp2Stream, message: Uint8Array): void {
  if (stream.destroyed) return;
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(GrpcStatus.ok) }));
  stream.respond(HEADERS, { waitForTrailers: true });
  stream.end(frame(message));
}

/** A response with headers only. */
function refuse(stream: ServerHttp2Stream, status: GrpcStatusCode, message: string): void {
  if (stream.destroyed) return;
  const error = { 'grpc-status': String(status), 'grpc-message': percentEncode(message) };
  stream.respond({ ...HEADERS, ...error }, { endStream: true });
  // The rest of the request is discarded.
  stream.resume();
}

/** Percent-encodes everything but printable ASCII, and the percent sign. */
function percentEncode(text: string): string {
  return text.toWellFormed().replace(/[^\x20-\x24\x26-\x7e]+/g, encodeURIComponent);
}
