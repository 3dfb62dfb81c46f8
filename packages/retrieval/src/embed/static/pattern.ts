import type { JsonPart } from './json-part.ts';
import { ModelFolderError } from './model-folder-error.ts';

/**
 * A pattern of tokenizer.json: a literal text, or a regular expression. Throws ModelFolderError for an unsupported one.
 */
export function readPattern(part: JsonPart | null): RegExp {
  const text = part?.get('String');
  if (typeof text === 'string' && text !== '') return new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'gu');
  const source = part?.get('Regex');
  if (typeof source === 'string' && source !== '') {
    try {
      return new RegExp(source, 'gu');
    } catch {
      throw new ModelFolderError(`tokenizer.json has the pattern '${source.slice(0, 60)}', which is not supported.`);
    }
  }
  throw new ModelFolderError('tokenizer.json has a pattern that is neither a text nor a regular expression.');
}
