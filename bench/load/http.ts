import { Agent, request } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Sends one request and reads its whole answer. Never retries. */
export type Send = (
  method: string,
  path: string,
  body?: { readonly type: string; readonly bytes: string },
) => Promise<Reply>;

/** Plain HTTP over `connectionsMax` persistent connections, with the least overhead for a client. */
export function createSender(options: { url: string; key: string; connectionsMax: number; timeoutMs: number }): Send {
  const { hostname, port } = new URL(options.url);
  const agent = new Agent({ keepAlive: true, maxSockets: options.connectionsMax, scheduling: 'fifo' });
  const authorization = `Bearer ${options.key}`;
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = body === undefined ? { authorization } : { authorization, 'content-type': body.type };
      const { timeoutMs: timeout } = options;
      const sent = request({ agent, hostname, port, method, path, headers, timeout }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      sent.once('timeout', () => sent.destroy(new Error(`No answer within ${timeout} ms.`)));
      sent.once('error', reject);
      sent.end(body?.bytes);
    });
}

/** The same with JSON in and out; throws on any answer but success. */
export async function callJson<T>(send: Send, method: string, path: string, json?: unknown): Promise<T> {
  const body = json === undefined ? undefined : { type: 'application/json', bytes: JSON.stringify(json) };
  const { status, text } = await send(method, path, body);
  if (status < 200 || status > 299) throw new Error(`${method} ${path}: ${status} ${text}`);
  return (text === '' ? null : JSON.parse(text)) as T;
}
