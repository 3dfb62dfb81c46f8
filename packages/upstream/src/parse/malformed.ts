import { UpstreamError, type UpstreamErrorDetails } from '../port.ts';

/** A response that is not in OpenAI's format. */
export class MalformedAnswer extends UpstreamError {
  /** What is wrong with it, in Espejo's words. */
  readonly reason: string;

  constructor(reason: string, details: UpstreamErrorDetails) {
    super(
      'malformed',
      `Upstream answered, but not in the format of OpenAI's API: ${reason}. Check that the base URL of the connection points at such an API.`,
      details,
    );
    this.reason = reason;
  }
}

/** The error for a response that is not in OpenAI's format. `reason` is Espejo's text: never a value from upstream. */
export function malformed(reason: string, details: UpstreamErrorDetails = {}): MalformedAnswer {
  return new MalformedAnswer(reason, details);
}

/** How many parts of a list its error names; it also has their number. */
const NAMED_MAX = 10;

/**
 * The error for a list with unreadable rows or envelopes: it is thrown at the end of the list, after everything that
 * could be read, so that the list counts as incomplete.
 */
export function partlyUnreadable(listName: string, faults: readonly string[]): UpstreamError {
  const named = faults.slice(0, NAMED_MAX);
  const more = faults.length - named.length;
  return new UpstreamError(
    'malformed',
    `Part of upstream's list of ${listName} is not in the format of OpenAI's API and was not read: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}. Everything else in the list was read. The list counts as incomplete, so nothing is removed because of it.`,
    // The rest of the list was read, so the server implements OpenAI's API.
    { isSpoken: true },
  );
}
