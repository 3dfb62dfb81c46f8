/** Longest part of a name or description that sorting and text search use. */
const INDEXED_TEXT_MAX = 512;
const NAME_SORT_MAX = 128;
/** Sorts after every real name. */
const UNNAMED = '\u{10FFFF}';

/** Name, description and id in lower case, for the text search of the stores list. */
export function storeSearchText(store: { id: string; name: string | null; description: string | null }): string {
  return [store.name ?? '', store.description ?? '']
    .map((text) => searchKey(text.slice(0, INDEXED_TEXT_MAX)))
    .concat(store.id.toLowerCase())
    .join('\n');
}

/** Filename and id in lower case, for text searches over files. */
export function fileSearchText(file: { id: string; filename: string }): string {
  return `${searchKey(file.filename.slice(0, INDEXED_TEXT_MAX))}\n${file.id.toLowerCase()}`;
}

export function storeNameSort(name: string | null): string {
  return name === null || name === '' ? UNNAMED : searchKey(name.slice(0, NAME_SORT_MAX));
}

/**
 * The form in which texts are compared: composed and lower case, so that equal-looking texts are equal. NUL would end a
 * text in SQLite's text index.
 */
export function searchKey(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('\0', ' ');
}
