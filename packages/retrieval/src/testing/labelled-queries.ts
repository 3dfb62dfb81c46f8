import { readdirSync, readFileSync } from 'node:fs';

/** A query and its expected passages; none for noise. */
export interface LabelledQuery {
  readonly text: string;
  /** 2: the answer, 1: related. By passage. */
  readonly grades: ReadonlyMap<string, number>;
}

/** Passages and queries of one language. */
export interface LabelledSet {
  readonly language: string;
  readonly passages: readonly { readonly id: string; readonly text: string }[];
  readonly queries: readonly LabelledQuery[];
}

const FOLDER = new URL('../../quality/', import.meta.url);

/** The labelled sets of `quality/`, by their language. */
export function readLabelledSets(): LabelledSet[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => parseLabelledSet(name.slice(0, -4), readFileSync(new URL(name, FOLDER), 'utf8')));
}

function parseLabelledSet(language: string, file: string): LabelledSet {
  const lines = file.split('\n').filter((line) => line.trim() !== '');
  const passages = lines
    .filter((line) => !line.startsWith('?'))
    .map((line) => {
      const at = line.indexOf(':');
      return { id: line.slice(0, at).trim(), text: line.slice(at + 1).trim() };
    });
  const known = new Set(passages.map(({ id }) => id));
  const queries = lines
    .filter((line) => line.startsWith('?'))
    .map((line) => {
      const at = line.lastIndexOf('=');
      const ids = line
        .slice(at + 1)
        .split(' ')
        .filter((id) => id !== '');
      const unknown = ids.find((id) => !known.has(id));
      if (unknown !== undefined) throw new Error(`${language}: no passage is named '${unknown}'.`);
      return { text: line.slice(1, at).trim(), grades: new Map(ids.map((id, place) => [id, place === 0 ? 2 : 1])) };
    });
  return { language, passages, queries };
}
