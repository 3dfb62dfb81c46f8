import type { AgentTools } from '@espejo/contracts';

export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly authorization: string | null;
  readonly body: unknown;
}

/** An Espejo with prepared responses, which records its requests. */
export function fakeEspejo(answers: {
  readonly tools: AgentTools['tools'] | Response;
  readonly search?: (path: string) => Response;
}): { readonly fetch: typeof fetch; readonly sent: SentRequest[] } {
  const sent: SentRequest[] = [];
  return {
    sent,
    async fetch(input, init) {
      const request = new Request(input, init);
      const url = new URL(request.url);
      const text = await request.text();
      sent.push({
        method: request.method,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        authorization: request.headers.get('authorization'),
        body: text === '' ? null : JSON.parse(text),
      });
      if (url.pathname.startsWith('/v1/')) return answers.search?.(url.pathname) ?? new Response('', { status: 500 });
      if (answers.tools instanceof Response) return answers.tools.clone();
      return Response.json({ agentKey: 'support', tools: answers.tools });
    },
  };
}

/** An error response of the console API. */
export function refusal(status: number, code: string, message: string, details?: Record<string, unknown>): Response {
  return Response.json({ error: { code, message, requestId: 'req_1', ...(details && { details }) } }, { status });
}
