import { Agent, request } from 'node:http';
import type { Combination, Endpoint } from './combinations.ts';
import type { Outcome } from './oracle.ts';

/** Concurrent requests. */
const CONCURRENCY = 12;
/** Invalid JSON: the request is rejected after authentication and before any handler. */
const NO_JSON = '{"field":';

export interface ReceivedResponse {
  readonly status: number;
  readonly code: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Sends requests with arbitrary headers, `Host` included, over persistent connections. */
export function createRequestSender() {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });

  function send(
    port: number,
    endpoint: Pick<Endpoint, 'method' | 'path' | 'contentType'>,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<ReceivedResponse> {
    const { method, path, contentType = 'application/json' } = endpoint;
    const content = body ?? (['GET', 'HEAD', 'OPTIONS'].includes(method) ? '' : NO_JSON);
    const bodyHeaders = content === '' ? {} : { 'content-type': contentType, 'content-length': `${content.length}` };
    return new Promise((resolve, reject) => {
      const sent = request(
        { agent, host: '127.0.0.1', port, method, path, setHost: false, headers: { ...bodyHeaders, ...headers } },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, code: codeOf(text), headers: response.headers, text }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(content);
    });
  }

  return {
    send,
    close: () => agent.destroy(),
    /** Whether a request passed authentication, whatever its answer was. */
    async sendCombination(
      port: number,
      endpoint: Endpoint,
      { host, origin, credential, forwarding }: Combination,
    ): Promise<Outcome> {
      const headers = {
        host: host.text,
        ...(origin.origin !== null && { origin: origin.origin }),
        ...(origin.fetchSite !== null && { 'sec-fetch-site': origin.fetchSite }),
        ...credential.headers,
        ...forwarding.headers,
      };
      const { status, code } = await send(port, endpoint, headers);
      if (status === 401 && code !== 'session_required') return 'unauthorized';
      // Wrong keys beyond the first few are throttled.
      if (status === 429 && credential.kind.startsWith('wrong')) return 'unauthorized';
      // A HEAD has no body with a code.
      if (code === 'forbidden_origin' || (endpoint.method === 'HEAD' && status === 403)) return 'forbidden_origin';
      if (status >= 500)
        throw new Error(`${endpoint.method} ${endpoint.path} answered ${status} to ${JSON.stringify(headers)}`);
      return 'in';
    },
  };
}

/** Runs jobs with limited concurrency. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
}

function codeOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: { code?: string } }).error?.code;
  } catch {
    return undefined;
  }
}
