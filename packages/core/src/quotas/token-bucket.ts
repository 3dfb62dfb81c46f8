const MINUTE_MS = 60_000;
/** One request. Whole parts avoid rounding errors: a millisecond refills as many as there are requests a minute. */
const REQUEST_PARTS = MINUTE_MS;

/** What is left of a tenant's requests: a full bucket allows a minute's worth at once, and it refills evenly. */
export interface TokenBucket {
  readonly parts: number;
  readonly atMs: number;
}

export type BucketAnswer =
  | { readonly isAllowed: true; readonly bucket: TokenBucket }
  /** `waitMs`: a request is possible after this long, unless another takes it. */
  | { readonly isAllowed: false; readonly bucket: TokenBucket; readonly waitMs: number };

/** Takes one request from a bucket that refills with `perMinute` a minute, or returns how long to wait. */
export function takeOne(bucket: TokenBucket | undefined, perMinute: number, nowMs: number): BucketAnswer {
  const now = refill(bucket, perMinute, nowMs);
  if (now.parts >= REQUEST_PARTS) return { isAllowed: true, bucket: { ...now, parts: now.parts - REQUEST_PARTS } };
  const waitMs = perMinute === 0 ? MINUTE_MS : Math.ceil((REQUEST_PARTS - now.parts) / perMinute);
  return { isAllowed: false, bucket: now, waitMs };
}

/** How many requests of a minute's worth are used at an instant, and how long until the bucket is full again. */
export function usedOfBucket(
  bucket: TokenBucket | undefined,
  perMinute: number,
  nowMs: number,
): { readonly used: number; readonly fullInMs: number } {
  const missing = perMinute * REQUEST_PARTS - refill(bucket, perMinute, nowMs).parts;
  return { used: Math.ceil(missing / REQUEST_PARTS), fullInMs: missing === 0 ? 0 : Math.ceil(missing / perMinute) };
}

/** A bucket at an instant. A clock that goes back refills nothing, and takes nothing away. */
function refill(bucket: TokenBucket | undefined, perMinute: number, nowMs: number): TokenBucket {
  const full = perMinute * REQUEST_PARTS;
  if (bucket === undefined) return { parts: full, atMs: nowMs };
  const elapsedMs = Math.max(0, nowMs - bucket.atMs);
  return { parts: Math.min(full, bucket.parts + elapsedMs * perMinute), atMs: Math.max(bucket.atMs, nowMs) };
}
