/** A file's name, or "Unknown name" for an attachment whose file the project does not list. */
export function FileName({ name }: { name: string | null }) {
  if (name === null) return <span className="text-muted-foreground pr-0.5 font-normal italic">Unknown name</span>;
  return <bdi>{name}</bdi>;
}
