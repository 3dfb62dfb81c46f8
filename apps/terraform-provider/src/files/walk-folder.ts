import { readdirSync } from 'node:fs';
import { PluginError } from '@espejo/terraform-plugin';
import picomatch from 'picomatch';

/**
 * The files below a folder that match `include` and not `exclude`, as sorted relative paths with slashes. Links are not
 * followed, so that only files in the folder are uploaded.
 */
export function walkFolder(folder: string, include: readonly string[], exclude: readonly string[]): readonly string[] {
  let entries: ReturnType<typeof readEntries>;
  try {
    entries = readEntries(folder);
  } catch (cause) {
    throw new PluginError('The folder cannot be read', `'${folder}': ${cause instanceof Error ? cause.message : ''}`, {
      attribute: 'path',
      cause,
    });
  }
  const [isIncluded, isExcluded] = [picomatch([...include], { dot: true }), picomatch([...exclude], { dot: true })];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length).replaceAll('\\', '/').replace(/^\/+/, ''))
    .filter((path) => isIncluded(path) && !isExcluded(path))
    .sort();
}

function readEntries(folder: string) {
  return readdirSync(folder, { recursive: true, withFileTypes: true });
}
