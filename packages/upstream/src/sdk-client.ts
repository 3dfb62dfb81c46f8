import OpenAI, { APIError } from 'openai';

/** An answer that is not a success, with its body as received: the SDK's own error keeps only a part of it. */
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
  /** Called for each HTTP request as it is sent. */
  readonly onRequest: () => void;
}

const OWN_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'authorization',
  'openai-beta',
  'openai-organization',
  'openai-project',
  'user-agent',
]);

/**
 * The official SDK, read-only and deaf to the environment. `OPENAI_*` variables describe the default connection, and
 * this client may serve another: every option is passed, headers that come from `OPENAI_CUSTOM_HEADERS` are dropped,
 * and nothing but GET leaves it.
 */
class ReadOnlyClient extends OpenAI {
  protected override makeStatusError(status: number, error: object, message: string | undefined, headers: Headers) {
    return new StatusError(status, headers, error ?? message);
  }

  protected override async prepareRequest(request: RequestInit): Promise<void> {
    const headers = new Headers(request.headers);
    for (const name of [...headers.keys()]) {
      if (!OWN_HEADERS.has(name) && !name.startsWith('x-stainless-')) headers.delete(name);
    }
    request.headers = headers;
  }
}

export function createSdkClient(options: SdkClientOptions): OpenAI {
  return new ReadOnlyClient({
    baseURL: options.baseUrl,
    apiKey: options.apiKey,
    adminAPIKey: null,
    organization: options.organization,
    project: options.project,
    webhookSecret: null,
    timeout: options.timeoutMs,
    maxRetries: 0,
    logLevel: 'off',
    defaultHeaders: {
      Authorization: `Bearer ${options.apiKey}`,
      'OpenAI-Organization': options.organization,
      'OpenAI-Project': options.project,
      'User-Agent': 'Espejo (openai-node)',
    },
    fetch: (url, init) => {
      if (init?.method !== 'GET') throw new TypeError('This connection is read-only: only GET may be sent.');
      options.onRequest();
      return fetch(url, init);
    },
  });
}
