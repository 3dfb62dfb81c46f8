/** A file's name, or that nobody knows it: an attachment of a file the project does not list. */
export function FileName({ name }: { name: string | null }) {
  if (name === null) return <span className="text-muted-foreground pr-0.5 font-normal italic">Name not known</span>;
  return <bdi>{name}</bdi>;
}
