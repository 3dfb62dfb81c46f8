import { isUnknown, UNKNOWN, type Value } from '@espejo/terraform-plugin';

/** A folder's files by path, each with its hash at plan or its id at the server. */
export type ByPath = Readonly<Record<string, string>>;

export interface DirectoryChange {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** The paths that are added, changed or removed. */
export function changeOf(present: ByPath, wanted: ByPath): DirectoryChange {
  const paths = Object.keys(wanted);
  return {
    added: paths.filter((path) => present[path] === undefined),
    changed: paths.filter((path) => present[path] !== undefined && present[path] !== wanted[path]),
    removed: Object.keys(present).filter((path) => wanted[path] === undefined),
  };
}

/** The ids known at plan: those of unchanged files. */
export function plannedIds(ids: ByPath, wanted: ByPath, { added, changed }: DirectoryChange): Record<string, Value> {
  const isNew = new Set([...added, ...changed]);
  return Object.fromEntries(
    Object.keys(wanted).map((path) => [path, isNew.has(path) ? UNKNOWN : (ids[path] ?? UNKNOWN)]),
  );
}

/** A value as a map of strings; empty if null or unknown. */
export function byPath(value: Value | undefined): ByPath {
  if (value === null || value === undefined || isUnknown(value) || typeof value !== 'object') return {};
  return value as unknown as ByPath;
}
