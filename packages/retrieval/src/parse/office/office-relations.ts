import { posix } from 'node:path';
import { attributeOf, readXml } from '../text/read-xml.ts';
import type { ZipParts } from './zip-parts.ts';

export interface Relation {
  readonly id: string;
  /** The last word of its type: `slide`, `worksheet`, `notesSlide` … */
  readonly type: string;
  /** The name of a part. */
  readonly target: string;
}

/** The relations of a part of an Office package; '' is the package itself. */
export async function relationsOf(parts: ZipParts, part: string): Promise<Relation[]> {
  const folder = posix.dirname(part);
  const name = posix.join(folder, '_rels', `${posix.basename(part)}.rels`);
  if (parts.find(name) === undefined) return [];
  const relations: Relation[] = [];
  await readXml(parts.read(name), {
    open(element, attributes) {
      if (element !== 'Relationship' || attributes.TargetMode === 'External') return;
      relations.push({
        id: attributes.Id ?? '',
        type: posix.basename(attributes.Type ?? ''),
        target: partNamed(parts, folder, attributes.Target ?? ''),
      });
    },
  });
  return relations;
}

/** The part of a reference: as written, else with its percent escapes decoded. */
export function partNamed(parts: ZipParts, folder: string, reference: string): string {
  const bare = reference.split('#')[0] ?? '';
  const resolve = (path: string) => (path.startsWith('/') ? path.slice(1) : posix.join(folder, path));
  const asWritten = resolve(bare);
  return parts.find(asWritten) ?? parts.find(resolve(percentDecoded(bare))) ?? asWritten;
}

/** A path without escapes; one that only looks escaped stays unchanged. */
function percentDecoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path.replace(/%[0-9a-f]{2}/gi, (escaped) => {
      const code = Number.parseInt(escaped.slice(1), 16);
      return code < 0x80 ? String.fromCharCode(code) : escaped;
    });
  }
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
      const target = targets.get(relationIdOf(attributes));
      if (target !== undefined) found.push({ target, name: attributeOf(attributes, 'name') ?? '' });
    },
  });
  return found;
}

/** `r:id` under any prefix, but not the plain `id` beside it. */
export function relationIdOf(attributes: Readonly<Record<string, string>>): string {
  return attributes['r:id'] ?? Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? '';
}
