import {
  type Attributes,
  attribute,
  type Diagnostic,
  isUnknown,
  type ObjectValue,
  PluginError,
  UNKNOWN,
  type Value,
} from '@espejo/terraform-plugin';
import { text } from '../resources/attributes.ts';
import { contentAsFile, type LocalContent, readLocalFile } from './local-file.ts';

/* `source` or `content` of a resource, with its hash: shared by openai_file and openai_vector_store_file. */

export const contentAttributes: Attributes = {
  source: attribute.string({
    optional: true,
    description: 'Path of the file. Only the content counts: a moved file is not uploaded again.',
  }),
  content: attribute.string({
    optional: true,
    description: 'The content itself, instead of `source`. It is stored in the state.',
  }),
  filename: attribute.string({
    optional: true,
    computed: true,
    forcesReplacement: true,
    description:
      'The name at the server, which detects the type by its extension. Required with `content`; otherwise the name of `source`.',
    check: (value) => (String(value).trim() === '' ? 'A name is required.' : undefined),
  }),
  content_sha256: attribute.string({
    computed: true,
    forcesReplacement: true,
    description: 'The hash of the uploaded content. Null after an import, because the server does not return it.',
  }),
};

/** Conflicting attributes of a configuration. */
export function contentFaults(config: ObjectValue, others: readonly string[]): readonly Diagnostic[] {
  const names = ['source', 'content', ...others];
  const given = names.filter((name) => (config[name] ?? null) !== null);
  if (given.length > 1) {
    const detail = `Only one of ${names.join(', ')} may be set; ${given.join(' and ')} are set.`;
    return [{ severity: 'error', summary: 'Conflicting arguments', detail, attribute: given[1] }];
  }
  if (given[0] === 'content' && (config.filename ?? null) === null) {
    return [{ severity: 'error', summary: 'No filename', detail: 'content needs a filename.', attribute: 'content' }];
  }
  return [];
}

/** The content of a configuration; undefined: none, or not known yet. */
async function localContent(config: ObjectValue): Promise<LocalContent | undefined> {
  const filename = text(config.filename);
  if (typeof config.source === 'string') return readLocalFile(config.source, filename, 'source');
  if (typeof config.content === 'string') return contentAsFile(config.content, filename ?? 'content.txt');
  return undefined;
}

/** The planned name and hash: unknown where the configuration is. */
export async function planContent(config: ObjectValue, planned: ObjectValue): Promise<Record<string, Value>> {
  if (isUnknown(config.source) || isUnknown(config.content) || isUnknown(config.filename)) {
    return { filename: config.filename ?? UNKNOWN, content_sha256: UNKNOWN };
  }
  const local = await localContent(config);
  if (local === undefined)
    return { filename: planned.filename ?? null, content_sha256: planned.content_sha256 ?? null };
  return { filename: local.filename, content_sha256: local.sha256 };
}

/**
 * Whether an imported file only lacks its hash. The server does not return it, so content with the same size and name counts
 * as equal, and nothing is uploaded.
 */
export async function isAdoption(config: ObjectValue, prior: ObjectValue): Promise<boolean> {
  if (prior.content_sha256 !== null) return false;
  const local = await localContent(config);
  return local !== undefined && prior.filename === local.filename && prior.bytes === local.bytes;
}

/** The planned content. Throws if the file changed since. */
export async function plannedContent(planned: ObjectValue): Promise<LocalContent> {
  const local = await localContent(planned);
  if (local === undefined) {
    throw new PluginError('Nothing to upload', 'Set source or content.', { attribute: 'source' });
  }
  const wanted = planned.content_sha256;
  if (typeof wanted === 'string' && wanted !== local.sha256) {
    throw new PluginError('The file changed since the plan', `'${String(planned.source)}' has changed. Plan again.`, {
      attribute: 'source',
    });
  }
  return local;
}
