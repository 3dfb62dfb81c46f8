/** Metadata or attributes as a small table; text is shown plain, other types as JSON. */
export function PairList({ pairs }: { pairs: Readonly<Record<string, unknown>> | null }) {
  const entries = Object.entries(pairs ?? {});
  if (entries.length === 0) return <span className="text-muted-foreground">None</span>;
  return (
    <table className="w-full max-w-xl table-fixed text-left font-mono text-xs">
      <thead className="sr-only">
        <tr>
          <th scope="col">Key</th>
          <th scope="col">Value</th>
        </tr>
      </thead>
      <tbody>
        {entries.map(([key, value]) => (
          <tr key={key} className="border-b last:border-b-0">
            <th scope="row" className="text-muted-foreground w-2/5 py-1 pr-3 align-top font-normal break-all">
              {key}
            </th>
            <td className="py-1 break-all">
              <bdi>{pairText(value)}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One value as text. */
export function pairText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
