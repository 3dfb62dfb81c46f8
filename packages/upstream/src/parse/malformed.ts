import { UpstreamError, type UpstreamErrorDetails } from '../port.ts';

/** An answer that is not OpenAI's format. */
export class MalformedAnswer extends UpstreamError {
  /** What is wrong with it, in our own words. */
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

/** The error for an answer that is not OpenAI's format. `reason` is our own words: never a value from upstream. */
export function malformed(reason: string, details: UpstreamErrorDetails = {}): MalformedAnswer {
  return new MalformedAnswer(reason, details);
}

/** Parts of a list that its error names; the number of all of them stands beside. */
const NAMED_MAX = 10;

/**
 * The error for a list of which some rows or envelopes could not be read: it is thrown at the end of the list, behind
 * everything that could be read, so that the list counts as incomplete.
 */
export function partlyUnreadable(listName: string, faults: readonly string[]): UpstreamError {
  const named = faults.slice(0, NAMED_MAX);
  const more = faults.length - named.length;
  return new UpstreamError(
    'malformed',
    `Part of upstream's list of ${listName} is not in the format of OpenAI's API and was not read: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}. Everything else in the list was read. The list counts as incomplete, so nothing is removed because of it.`,
    // The rest of the list was read: a server that speaks OpenAI's API is there.
    { isSpoken: true },
  );
}
