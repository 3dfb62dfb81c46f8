import { UpstreamError } from './port.ts';

interface MalformedDetails {
  readonly httpStatus?: number | undefined;
  readonly cause?: unknown;
}

/** The error for an answer that is not OpenAI's format. `reason` is our own words: never a value from upstream. */
export function malformed(reason: string, details: MalformedDetails = {}): UpstreamError {
  return new UpstreamError(
    'malformed',
    `Upstream answered, but not in the format of OpenAI's API: ${reason}. Check that the base URL of the connection points at such an API.`,
    details,
  );
}
