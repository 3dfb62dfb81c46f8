import { posix } from 'node:path';
import { attributeOf, readXml } from './read-xml.ts';
import type { ZipParts } from './zip-parts.ts';

export interface Relation {
  readonly id: string;
  /** The last word of its type: `slide`, `worksheet`, `notesSlide` … */
  readonly type: string;
  /** The name of a part. */
  readonly target: string;
}

/** What a part of an Office package refers to; '' is the package itself. */
export async function relationsOf(parts: ZipParts, part: string): Promise<Relation[]> {
  const folder = posix.dirname(part);
  const name = posix.join(folder, '_rels', `${posix.basename(part)}.rels`);
  if (!parts.names.has(name)) return [];
  const relations: Relation[] = [];
  await readXml(parts.read(name), {
    open(element, attributes) {
      if (element !== 'Relationship' || attributes.TargetMode === 'External') return;
      const target = attributes.Target ?? '';
      relations.push({
        id: attributes.Id ?? '',
        type: posix.basename(attributes.Type ?? ''),
        target: target.startsWith('/') ? target.slice(1) : posix.join(folder, target),
      });
    },
  });
  return relations;
}

/** The parts that elements of this name refer to, in the order of the elements. */
export async function referredParts(
  parts: ZipParts,
  part: string,
  element: string,
): Promise<{ readonly target: string; readonly name: string }[]> {
  const targets = new Map((await relationsOf(parts, part)).map((relation) => [relation.id, relation.target]));
  const found: { target: string; name: string }[] = [];
  await readXml(parts.read(part), {
    open(name, attributes) {
      if (name !== element) return;
      const target = targets.get(attributes['r:id'] ?? relationIdOf(attributes));
      if (target !== undefined) found.push({ target, name: attributeOf(attributes, 'name') ?? '' });
    },
  });
  return found;
}

/** `r:id` under whatever prefix; never the plain `id` that stands beside it. */
function relationIdOf(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? '';
}
