import { Name } from '#components/name.tsx';

/** A file's name in one line, or "Unknown name" for an attachment whose file the project does not list. */
export function FileName({ name }: { name: string | null }) {
  if (name === null) return <span className="text-muted-foreground pr-0.5 font-normal italic">Unknown name</span>;
  return <Name text={name} />;
}
