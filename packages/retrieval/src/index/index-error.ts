export type IndexErrorCode =
  | 'invalid_store_id'
  | 'store_not_found'
  | 'file_not_found'
  | 'other_model'
  | 'invalid_vector'
  | 'busy'
  | 'closed';

/** An error of the index, with a code. */
export class IndexError extends Error {
  readonly code: IndexErrorCode;

  constructor(code: IndexErrorCode, message: string) {
    super(message);
    this.name = 'IndexError';
    this.code = code;
  }
}
