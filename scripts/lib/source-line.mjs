/**
 * One line with the mirrored projects, read from the running API.
 * @param {string} apiUrl
 * @param {string | undefined} key ESPEJO_API_KEY, where one is set
 */
export async function describeSource(apiUrl, key) {
  const headers = key ? { authorization: `Bearer ${key}` } : undefined;
  const response = await fetch(`${apiUrl}/api/connections`, headers && { headers });
  // Once there is an account, this needs a key, which the start may not have.
  if (response.status === 401) return 'what its owners set up; sign in at the console';
  if (!response.ok) throw new Error(`The API answers ${response.status} for its connections. Its log says why.`);
  const { data } = /** @type {{ data: { kind: string, name: string, baseUrl: string }[] }} */ (await response.json());
  return sourceLine(data);
}

/** @param {readonly { kind: string, name: string, baseUrl: string }[]} connections */
export function sourceLine(connections) {
  const real = connections.filter((connection) => connection.kind !== 'sandbox');
  const [first] = real;
  if (first === undefined) {
    return connections.length === 0
      ? 'nothing yet; add a connection in the console'
      : 'Sandbox sample data (set OPENAI_API_KEY to mirror your own project)';
  }
  if (real.length > 1) return `${real.length} connections`;
  return `${first.name} (${first.baseUrl})`;
}
