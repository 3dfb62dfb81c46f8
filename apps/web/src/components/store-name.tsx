import { cn } from '@espejo/ui/lib/utils';

/** A store's name, or "Unnamed" where upstream has none. Upstream text is isolated, so that its direction cannot leak. */
export function StoreName({ name, className }: { name: string | null; className?: string }) {
  if (name === null || name === '') {
    return <span className={cn('text-muted-foreground pr-0.5 font-normal italic', className)}>Unnamed</span>;
  }
  return <bdi className={className}>{name}</bdi>;
}

/** The id's first and last characters: enough to tell two stores of one name apart. */
export function shortId(id: string): string {
  const [prefix, rest] = id.includes('_') ? id.split(/_(.*)/s) : id.split(/-(.*)/s);
  if (prefix === undefined || rest === undefined || rest.length <= 10) return id;
  return `${prefix}${id[prefix.length]}${rest.slice(0, 4)}…${rest.slice(-4)}`;
}

/** The end of an id, for rows: beginnings hold the creation time and are much alike. */
export function tailOfId(id: string): string {
  return id.length <= 10 ? id : `…${id.slice(-6)}`;
}
