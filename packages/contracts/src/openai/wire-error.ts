/** A refusal as the wire shows it: the error envelope of the real API. */
export class WireError extends Error {
  readonly status: number;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;

  constructor(status: number, message: string, options: { type?: string; param?: string; code?: string } = {}) {
    super(message);
    this.name = 'WireError';
    this.status = status;
    this.type = options.type ?? 'invalid_request_error';
    this.param = options.param ?? null;
    this.code = options.code ?? null;
  }
}

export function storeNotFound(storeId: string): WireError {
  return new WireError(404, `No vector store found with id '${storeId}'.`);
}

export function attachmentNotFound(storeId: string, fileId: string): WireError {
  return new WireError(404, `No file found with id '${fileId}' in vector store '${storeId}'.`);
}

export function fileNotFound(fileId: string): WireError {
  return new WireError(404, `No such File object: ${fileId}`, { param: 'id' });
}

export function filesToAttachNotFound(fileIds: readonly string[]): WireError {
  return new WireError(404, `Files [${fileIds.join(', ')}] were not found`);
}

export function batchNotFound(batchId: string): WireError {
  return new WireError(404, `No file batch found with id '${batchId}'.`);
}

export function uploadNotFound(uploadId: string): WireError {
  return new WireError(404, `No such Upload object: ${uploadId}`, { param: 'id' });
}

export function storeExpired(storeId: string): WireError {
  return new WireError(400, `Vector store '${storeId}' has expired.`);
}

export function wrongIdPrefix(param: string, id: string, prefix: string): WireError {
  return new WireError(400, `Invalid '${param}': '${id}'. Expected an ID that begins with '${prefix}'.`, {
    param,
    code: 'invalid_value',
  });
}
