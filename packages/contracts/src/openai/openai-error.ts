/** An error in the envelope of the real API. */
export class OpenAiError extends Error {
  readonly status: number;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;

  constructor(status: number, message: string, options: { type?: string; param?: string; code?: string } = {}) {
    super(message);
    this.name = 'OpenAiError';
    this.status = status;
    this.type = options.type ?? 'invalid_request_error';
    this.param = options.param ?? null;
    this.code = options.code ?? null;
  }
}

/** The error of a request without a key. */
export function keyMissing(): OpenAiError {
  return new OpenAiError(
    401,
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth " +
      '(i.e. Authorization: Bearer YOUR_KEY).',
  );
}

/** The error of an invalid key; most of the key is masked, because responses are logged. */
export function keyIncorrect(key: string, whereToFindOne: string): OpenAiError {
  return new OpenAiError(401, `Incorrect API key provided: ${masked(key)}. ${whereToFindOne}`, {
    code: 'invalid_api_key',
  });
}

function masked(key: string): string {
  return key.length <= 8
    ? '*'.repeat(key.length)
    : `${key.slice(0, 4)}${'*'.repeat(Math.min(24, key.length - 8))}${key.slice(-4)}`;
}

/** The error of an id in a path that does not exist. An id of another form has its own message, as in the real API. */
export function idNotFound(
  notFound: OpenAiError,
  { param, id, prefix }: { param: string; id: string; prefix: string },
): OpenAiError {
  return id.startsWith(prefix) ? notFound : wrongIdPrefix(param, id, prefix);
}

export function storeNotFound(storeId: string): OpenAiError {
  return new OpenAiError(404, `No vector store found with id '${storeId}'.`);
}

export function attachmentNotFound(storeId: string, fileId: string): OpenAiError {
  return new OpenAiError(404, `No file found with id '${fileId}' in vector store '${storeId}'.`);
}

export function fileNotFound(fileId: string): OpenAiError {
  return new OpenAiError(404, `No such File object: ${fileId}`, { param: 'id' });
}

export function filesToAttachNotFound(fileIds: readonly string[]): OpenAiError {
  return new OpenAiError(404, `Files [${fileIds.join(', ')}] were not found`);
}

export function batchNotFound(batchId: string): OpenAiError {
  return new OpenAiError(404, `No file batch found with id '${batchId}'.`);
}

export function uploadNotFound(uploadId: string): OpenAiError {
  return new OpenAiError(404, `No such Upload object: ${uploadId}`, { param: 'id' });
}

/** The error of unexpected form fields, in the order they came; all of them are named. */
export function unexpectedFields(names: ReadonlySet<string>): OpenAiError {
  const [first = '', ...others] = names;
  const list = [...names].map((name) => `'${name}'`).join(', ');
  return new OpenAiError(
    400,
    `Additional properties are not allowed (${list} ${others.length === 0 ? 'was' : 'were'} unexpected)`,
    others.length === 0 ? { param: first } : {},
  );
}

export function storeExpired(storeId: string): OpenAiError {
  return new OpenAiError(400, `Vector store '${storeId}' has expired.`);
}

export function wrongIdPrefix(param: string, id: string, prefix: string): OpenAiError {
  return new OpenAiError(400, `Invalid '${param}': '${id}'. Expected an ID that begins with '${prefix}'.`, {
    param,
    code: 'invalid_value',
  });
}
