import type { ParseFailure } from './port.ts';

/** A file that cannot be used, thrown from anywhere in a parser. The message is for its owner. */
export class ParseFault extends Error {
  readonly code: ParseFailure['code'];
  /** The pages that text recognition may read. */
  readonly picturePages: readonly number[] | undefined;
  constructor(code: ParseFailure['code'], message: string, picturePages?: readonly number[]) {
    super(message);
    this.picturePages = picturePages;
    this.name = 'ParseFault';
    this.code = code;
  }
}

/** The content is of a kind that cannot be read. */
export function unsupported(message: string): ParseFault {
  return new ParseFault('unsupported_file', message);
}

/** The content is of a supported kind, but this file is damaged, empty or too large. */
export function invalid(message: string): ParseFault {
  return new ParseFault('invalid_file', message);
}
