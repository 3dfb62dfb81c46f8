import type { JsonPart } from './json-part.ts';
import { ModelFolderError } from './model-folder-error.ts';
import { readPattern } from './pattern.ts';

export type Normalize = (text: string) => string;

const UNSEEN = /[\0\ufffd]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;
const IDEOGRAPHS =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b820}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;
/** Control characters except white space, and of the later ones these three, as in SentencePiece. */
const CONTROLS = /(?![\t\n\f\r\u0080-\u008e\u0090-\u009e])\p{Cc}/gu;
const SPACES = /[\t\n\f\r\u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2581\u3000\ufeff\ufffd]/g;
const FORMS: Readonly<Record<string, string>> = { NFC: 'NFC', NFD: 'NFD', NFKC: 'NFKC', NFKD: 'NFKD' };

/**
 * The normalizer of tokenizer.json, applied before a text is split; null: none. Throws ModelFolderError for an unknown
 * type.
 */
export function readNormalizer(part: JsonPart | null): Normalize {
  if (part === null) return (text) => text;
  const form = FORMS[part.type];
  if (form !== undefined) return (text) => text.normalize(form);
  switch (part.type) {
    case 'Sequence': {
      const steps = part.parts('normalizers').map(readNormalizer);
      return (text) => steps.reduce((done, step) => step(done), text);
    }
    case 'BertNormalizer':
      return readBert(part);
    case 'Lowercase':
      return (text) => text.toLowerCase();
    case 'StripAccents':
      return (text) => text.replace(/\p{Mn}/gu, '');
    case 'Strip': {
      const [left, right] = [part.flag('strip_left', true), part.flag('strip_right', true)];
      return (text) => (right ? (left ? text.trim() : text.trimEnd()) : left ? text.trimStart() : text);
    }
    case 'Prepend': {
      const prefix = part.text('prepend');
      return (text) => (text === '' ? text : `${prefix}${text}`);
    }
    case 'Replace': {
      const pattern = readPattern(part.part('pattern'));
      const content = part.text('content');
      return (text) => text.replace(pattern, () => content);
    }
    // SentencePiece's table is NFKC with its own handling of spaces, which is applied here.
    case 'Precompiled':
    case 'Nmt':
      return (text) => {
        const spaced = text.replace(CONTROLS, '').replace(SPACES, ' ');
        return part.type === 'Nmt' ? spaced : spaced.normalize('NFKC');
      };
    default:
      throw new ModelFolderError(`tokenizer.json has a normalizer of type '${part.type}', which is not known.`);
  }
}

function readBert(part: JsonPart): Normalize {
  const isCleaned = part.flag('clean_text', true);
  const areIdeographsApart = part.flag('handle_chinese_chars', true);
  const isLower = part.flag('lowercase', true);
  const isBare = part.flag('strip_accents', isLower);
  return (text) => {
    let done = isCleaned ? text.replace(UNSEEN, '').replace(/\s/g, ' ') : text;
    if (areIdeographsApart) done = done.replace(IDEOGRAPHS, ' $& ');
    if (isBare) done = done.normalize('NFD').replace(/\p{Mn}/gu, '');
    return isLower ? done.toLowerCase() : done;
  };
}
