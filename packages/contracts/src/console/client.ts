import type { z } from 'zod';
import { ErrorBody } from './common.ts';
import type { RouteContract } from './route.ts';
import { CONSOLE_ROUTES, type ConsoleOperation, type ConsoleRoutes } from './routes.ts';

type InputOf<R, K extends string> = R extends Record<K, infer S extends z.ZodType> ? Record<K, z.input<S>> : unknown;
export type OperationInput<O extends ConsoleOperation> = InputOf<ConsoleRoutes[O], 'params'> &
  Partial<InputOf<ConsoleRoutes[O], 'query'>> &
  InputOf<ConsoleRoutes[O], 'body'> & { readonly signal?: AbortSignal | undefined };
export type OperationOutput<O extends ConsoleOperation> = z.output<ConsoleRoutes[O]['response']>;

/**
 * A failed call, with the API's stable code. `code` is `network` when no response came, `bad_response` when it was not
 * from Espejo.
 */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;

  constructor(
    status: number,
    code: string,
    message: string,
    requestId: string | null,
    details: Readonly<Record<string, unknown>> | null = null,
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.details = details;
  }
}

export interface ConsoleClientOptions {
  /** Origin of the API; empty in the browser, where the console is served from the same origin. */
  readonly baseUrl?: string;
  readonly apiKey?: string;
  readonly fetch?: typeof fetch;
}

export type ConsoleClient = <O extends ConsoleOperation>(
  operation: O,
  input: OperationInput<O>,
) => Promise<OperationOutput<O>>;

/** The typed client of the console API: `call('getVectorStore', { params: { id } })`. Throws ApiError. */
export function createConsoleClient(options: ConsoleClientOptions = {}): ConsoleClient {
  const send = options.fetch ?? fetch;
  return async (operation, input) => {
    const contract: RouteContract = CONSOLE_ROUTES[operation];
    const { params, query, body, signal } = input as {
      params?: Record<string, string>;
      query?: Record<string, unknown>;
      body?: unknown;
      signal?: AbortSignal;
    };
    const path = contract.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params?.[name] ?? ''));
    const headers: Record<string, string> = { accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (options.apiKey !== undefined) headers.authorization = `Bearer ${options.apiKey}`;
    let response: Response;
    let text: string;
    try {
      response = await send(`${options.baseUrl ?? ''}${path}${toQueryString(query)}`, {
        method: contract.method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
      text = await response.text();
    } catch (cause) {
      if (signal?.aborted) throw cause;
      throw new ApiError(0, 'network', 'Espejo does not answer. Check that it is running, then try again.', null);
    }
    if (response.status === 204) return null as OperationOutput<typeof operation>;
    const json = parse(text);
    if (response.ok && json !== undefined) return json as OperationOutput<typeof operation>;
    const refusal = ErrorBody.safeParse(json);
    if (refusal.success) {
      const { code, message, requestId, details } = refusal.data.error;
      throw new ApiError(response.status, code, message, requestId, details ?? null);
    }
    const what = response.ok ? 'with something else than JSON' : `${response.status} without a reason`;
    throw new ApiError(
      response.status,
      'bad_response',
      `Espejo answered ${what}. Check whether a proxy answers in its place.`,
      null,
    );
  };
}

/** The value of a JSON text; undefined for any other text, such as a proxy's page. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toQueryString(query: Record<string, unknown> | undefined): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') search.set(key, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
