import OpenAI, { APIError, type ClientOptions } from 'openai';
import type { Method } from './method.ts';
import { readBody } from './read-body.ts';

const ERROR_BODY_BYTES_MAX = 2 ** 20;

/** A response that is not a success, with its body as received: the SDK's own error keeps only a part of it. */
export class StatusError extends APIError {
  readonly httpStatus: number;
  readonly httpHeaders: Headers;
  readonly body: unknown;

  constructor(status: number, headers: Headers, body: unknown) {
    super(status, undefined, undefined, headers);
    this.httpStatus = status;
    this.httpHeaders = headers;
    this.body = body;
  }
}

export interface SdkClientOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly organization: string | null;
  readonly project: string | null;
  readonly timeoutMs: number;
  /** The only method of this client: a reader cannot delete, a searcher cannot write. */
  readonly method: Method;
  readonly fetch: typeof fetch;
  /** Called for each HTTP request as it is sent. */
  readonly onRequest: () => void;
}

/**
 * The official SDK, limited to one HTTP method and without the environment. `OPENAI_*` variables describe the default
 * connection, and this client may serve another, so every option is passed and only these headers are sent: those of
 * `OPENAI_CUSTOM_HEADERS` could replace even the key.
 */
class OneMethodClient extends OpenAI {
  readonly #headers: Headers;
  readonly #vectorStoreHeaders: Headers;

  constructor(clientOptions: ClientOptions, headers: { readonly [name: string]: string }) {
    super(clientOptions);
    this.#headers = new Headers(headers);
    this.#vectorStoreHeaders = new Headers({ ...headers, 'OpenAI-Beta': 'assistants=v2' });
  }

  protected override async prepareRequest(
    request: RequestInit,
    { options }: { readonly options: { readonly path: string } },
  ): Promise<void> {
    const headers = new Headers(NEEDS_BETA.test(options.path) ? this.#vectorStoreHeaders : this.#headers);
    // A form sets its own type, with the boundary between its parts.
    if (typeof request.body === 'string') headers.set('Content-Type', 'application/json');
    request.headers = headers;
  }

  protected override makeStatusError(status: number, error: object, message: string | undefined, headers: Headers) {
    return new StatusError(status, headers, error ?? message);
  }
}

/** Endpoints that began as a beta, and whose header some servers still require. */
const NEEDS_BETA = /^\/(vector_stores|assistants|threads)/;

const ALLOWED: Readonly<Record<Method, { readonly verb: string; readonly path: RegExp }>> = {
  GET: { verb: 'GET', path: /./ },
  DELETE: { verb: 'DELETE', path: /./ },
  SEARCH: { verb: 'POST', path: /\/vector_stores\/[^/]+\/search$/ },
  PUBLISH: {
    verb: 'POST',
    path: /\/(vector_stores|vector_stores\/[^/]+|vector_stores\/[^/]+\/files|uploads|uploads\/[^/]+\/(parts|complete))$/,
  },
};

export function createSdkClient(options: SdkClientOptions): OpenAI {
  const { apiKey, organization, project, timeoutMs } = options;
  return new OneMethodClient(
    {
      baseURL: options.baseUrl,
      apiKey,
      adminAPIKey: null,
      organization,
      project,
      webhookSecret: null,
      timeout: timeoutMs,
      maxRetries: 0,
      logLevel: 'off',
      fetch: async (url, init) => {
        const { verb, path } = ALLOWED[options.method];
        if (init?.method?.toUpperCase() !== verb || !path.test(new URL(String(url)).pathname)) {
          throw new TypeError(`This client may ${options.method} and nothing else.`);
        }
        options.onRequest();
        // A followed redirect would send the request, with its body, anywhere upstream likes.
        const response = await options.fetch(url, { ...init, redirect: 'manual' });
        return response.ok ? response : withBoundedBody(response);
      },
    },
    {
      Accept: 'application/json',
      Authorization: `Bearer ${apiKey}`,
      'User-Agent': 'Espejo (openai-node)',
      ...(organization === null ? {} : { 'OpenAI-Organization': organization }),
      ...(project === null ? {} : { 'OpenAI-Project': project }),
    },
  );
}

/**
 * The SDK reads the body of an error itself, completely. An unreadable body is left out, because the status is enough.
 */
async function withBoundedBody(response: Response): Promise<Response> {
  const text = await readBody(response, ERROR_BODY_BYTES_MAX).catch(() => '');
  return new Response(text === '' ? null : text, { status: response.status, headers: response.headers });
}
