import type { Sandbox } from '../create-sandbox.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The response of any endpoint; tests know its type. Null when it is not JSON. */
  readonly json: ReturnType<typeof JSON.parse>;
  readonly text: string;
}

/** Calls endpoints of a sandbox directly, with a JSON body; throws when no response comes. */
export function createCaller(sandbox: Sandbox, key = 'sk-test') {
  return async (method: string, pathAndQuery: string, body?: unknown): Promise<Answer> => {
    const [path = '', query = ''] = pathAndQuery.split('?');
    const delivery = await sandbox.handle({
      method,
      path: `/v1${path}`,
      query,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body)),
    });
    if (delivery.kind !== 'reply') throw new Error(`the answer is ${delivery.kind}`);
    const text = Buffer.from(delivery.reply.body).toString();
    const isJson = delivery.reply.headers['content-type'] === 'application/json';
    return {
      status: delivery.reply.status,
      headers: delivery.reply.headers,
      json: isJson ? JSON.parse(text) : null,
      text,
    };
  };
}
