import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface BareRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly json?: unknown;
}

/** The time of the same requests alone, with this concurrency over persistent connections. */
export async function sendBare(
  requests: readonly BareRequest[],
  concurrency: number,
): Promise<{ ms: number; answers: readonly unknown[] }> {
  const agent = new Agent({ keepAlive: true });
  const answers: unknown[] = [];
  const startedMs = performance.now();
  const queue = requests.entries();
  const work = async () => {
    for (const [index, one] of queue) answers[index] = JSON.parse(await send(agent, one));
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const ms = performance.now() - startedMs;
  agent.destroy();
  return { ms, answers };
}

function send(agent: Agent, { method, url, json }: BareRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    const body = json === undefined ? undefined : JSON.stringify(json);
    const headers = {
      authorization: 'Bearer sk-bench',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const sent = request(url, { agent, method, headers }, (answer) => {
      if (answer.statusCode === 200) text(answer).then(resolve, reject);
      else reject(new Error(`${method} ${url} answered ${answer.statusCode}.`));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
