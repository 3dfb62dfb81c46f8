import { cn } from '@espejo/ui/lib/utils';
import { Name } from './name.tsx';

/** A store's name in one line, or "Unnamed" without one. */
export function StoreName({ name, className }: { name: string | null; className?: string }) {
  if (name === null || name === '') {
    return <span className={cn('text-muted-foreground pr-0.5 font-normal italic', className)}>Unnamed</span>;
  }
  return <Name text={name} {...(className === undefined ? {} : { className })} />;
}

/** The first and last characters of an id: enough to distinguish two stores with the same name. */
export function shortId(id: string): string {
  const [prefix, rest] = id.includes('_') ? id.split(/_(.*)/s) : id.split(/-(.*)/s);
  if (prefix === undefined || rest === undefined || rest.length <= 10) return id;
  return `${prefix}${id[prefix.length]}${rest.slice(0, 4)}…${rest.slice(-4)}`;
}

/** The end of an id, for rows: ids begin with the creation time, so their beginnings look alike. */
export function tailOfId(id: string): string {
  return id.length <= 10 ? id : `…${id.slice(-6)}`;
}
