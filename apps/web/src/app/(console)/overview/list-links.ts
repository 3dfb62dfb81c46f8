/** The lists that explain the figures of the overview, with their filters. */
type Params = Readonly<Record<string, string | undefined>>;

/** A path with those parameters that are defined. */
export function listLink(path: string, params: Params): string {
  const defined = Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const search = new URLSearchParams(defined).toString();
  return search === '' ? path : `${path}?${search}`;
}

/** The largest stores of a connection, or of all. */
export function largestStoresLink(connection?: string): string {
  return listLink('/stores', { connection, sort: 'usageBytes', order: 'desc' });
}
