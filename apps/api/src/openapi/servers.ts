/** A server of an OpenAPI document. */
interface Server {
  readonly url: string;
  readonly description: string;
  readonly variables?: Readonly<Record<string, { readonly default: string; readonly description: string }>>;
}

/** The servers of a document: its public host, the host it comes from, and an Espejo on the reader's machine. */
export function serversOf(publicHost: string | null, prefix = ''): Server[] {
  const named = publicHost === null ? [] : [{ url: `https://${publicHost}${prefix}`, description: 'This Espejo' }];
  return [
    ...named,
    { url: prefix === '' ? '/' : prefix, description: 'The host of this document' },
    {
      url: `http://localhost:{port}${prefix}`,
      description: 'Espejo on this machine',
      variables: {
        port: { default: '4000', description: '`API_PORT`; the console, at `PORT`, forwards requests too' },
      },
    },
  ];
}
