export interface OriginFacts {
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, which no page can set. */
  readonly fetchSite: string | undefined;
  /** The names and ports this Espejo is reached by. */
  readonly ownHosts: readonly string[];
}

/** Whether a page of ours sent a request; undefined: no browser did, or it says nothing of it. */
export function isSameOrigin({ origin, fetchSite, ownHosts }: OriginFacts): boolean | undefined {
  // The browser compares with the address it sees, which a proxy in between may hide from us.
  if (fetchSite !== undefined) return fetchSite === 'same-origin';
  if (origin === undefined) return undefined;
  const from = URL.parse(origin);
  // Read as addresses, so that a port that goes without saying may be said.
  return (
    from !== null &&
    from.host !== '' &&
    ownHosts.some((own) => URL.parse(`${from.protocol}//${own}`)?.host === from.host)
  );
}
