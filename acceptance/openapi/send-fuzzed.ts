import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { FuzzedRequest } from './requests.ts';

/** The answer; no status: the server closed the connection, which is allowed for invalid HTTP. */
export interface FuzzedAnswer {
  readonly status: number | null;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Longer than any request takes; a request with a too large content-length is ended by the caller. */
const TIMEOUT_MS = 300_000;
const WAIT_FOR_MORE_MS = 300;

/** Sends requests unchanged over persistent connections, also invalid ones. */
export function createFuzzedSender(port: number, connectionsMax: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connectionsMax });
  return {
    send: (fuzzed: FuzzedRequest) => sendFuzzed(port, agent, fuzzed),
    close: () => agent.destroy(),
  };
}

function sendFuzzed(port: number, agent: Agent, fuzzed: FuzzedRequest): Promise<FuzzedAnswer> {
  const { method, path, body, claimedLength } = fuzzed;
  const isLying = claimedLength !== undefined;
  const headers: Record<string, string> = {
    ...fuzzed.headers,
    ...(body?.type === undefined ? {} : { 'content-type': body.type }),
    ...(isLying ? { 'content-length': claimedLength, connection: 'close' } : {}),
    ...(!isLying && body !== undefined ? { 'content-length': String(body.bytes.length) } : {}),
  };
  return new Promise((resolve, reject) => {
    const closed = (): void => resolve({ status: null, headers: {}, text: '' });
    const sent = httpRequest(
      // A wrong content-length would break the connection for the next request.
      { host: '127.0.0.1', port, method, path, headers, agent: isLying ? false : agent },
      (response) => {
        const chunks: Buffer[] = [];
        const done = (): void =>
          resolve({
            status: response.statusCode ?? null,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          });
        // An event stream does not end.
        if (String(response.headers['content-type']).startsWith('text/event-stream')) {
          done();
          sent.destroy();
          return;
        }
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', done);
        response.once('error', done);
      },
    );
    sent.setTimeout(isLying ? WAIT_FOR_MORE_MS : TIMEOUT_MS, () => {
      sent.destroy(isLying ? undefined : new Error(`No answer to ${method} ${path} within ${TIMEOUT_MS} ms.`));
    });
    sent.once('error', (cause: NodeJS.ErrnoException) => {
      if (isLying || cause.code === 'ECONNRESET' || cause.code === 'EPIPE') closed();
      else reject(cause);
    });
    sent.once('close', closed);
    sent.end(body?.bytes);
  });
}
