import { ModelFolderError } from './model-folder-error.ts';

/** A part of a JSON file, read field by field; an invalid field throws a ModelFolderError that names it. */
export interface JsonPart {
  readonly type: string;
  get(key: string): unknown;
  part(key: string): JsonPart | null;
  parts(key: string): JsonPart[];
  text(key: string): string;
  textOr(key: string, otherwise: string): string;
  flag(key: string, otherwise: boolean): boolean;
}

/** Wraps a value as a part; `name` is used in messages. */
export function jsonPart(value: unknown, name: string): JsonPart {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(name, 'an object');
  const get = (key: string): unknown => (Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined);
  const part: JsonPart = {
    type: '',
    get,
    part(key) {
      const inner = get(key);
      return inner === undefined || inner === null ? null : jsonPart(inner, `${name}.${key}`);
    },
    parts(key) {
      const list = get(key);
      if (!Array.isArray(list)) throw wrong(`${name}.${key}`, 'a list');
      return list.map((each, at) => jsonPart(each, `${name}.${key}[${at}]`));
    },
    text(key) {
      const text = get(key);
      if (typeof text !== 'string') throw wrong(`${name}.${key}`, 'a text');
      return text;
    },
    textOr: (key, otherwise) => (typeof get(key) === 'string' ? part.text(key) : otherwise),
    flag(key, otherwise) {
      const flag = get(key);
      return typeof flag === 'boolean' ? flag : otherwise;
    },
  };
  return { ...part, type: part.textOr('type', '') };
}

function wrong(name: string, what: string): ModelFolderError {
  return new ModelFolderError(`tokenizer.json: ${name} is not ${what}.`);
}
