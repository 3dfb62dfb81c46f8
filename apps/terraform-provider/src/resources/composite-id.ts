import { PluginError } from '@espejo/terraform-plugin';

/** The two parts of `vs_…/file-…`; other providers separate them with a colon. */
export function splitId(id: string, form: string): readonly [string, string] {
  const at = id.search(/[/:]/);
  const [first, second] = [id.slice(0, at), id.slice(at + 1)];
  if (at < 1 || second === '') throw new PluginError('Invalid import id', `'${id}' is not of the form ${form}.`);
  return [first, second];
}
