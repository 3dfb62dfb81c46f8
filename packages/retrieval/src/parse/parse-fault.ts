import type { ParseFailure } from './port.ts';

/** A file that cannot be used, thrown from wherever in a parser that is found out. The message is for its owner. */
export class ParseFault extends Error {
  readonly code: ParseFailure['code'];
  /** What text recognition may read of it. */
  readonly picturePages: readonly number[] | undefined;
  constructor(code: ParseFailure['code'], message: string, picturePages?: readonly number[]) {
    super(message);
    this.picturePages = picturePages;
    this.name = 'ParseFault';
    this.code = code;
  }
}

/** The content is of a kind that cannot be read, however well-formed. */
export function unsupported(message: string): ParseFault {
  return new ParseFault('unsupported_file', message);
}

/** The content is of a kind that can be read, but this file is damaged, empty or too much. */
export function invalid(message: string): ParseFault {
  return new ParseFault('invalid_file', message);
}
