import { type Entry, openPromise } from 'yauzl';
import { type Gaps, quoted } from '../gaps.ts';
import { invalid, unsupported } from '../parse-fault.ts';
import { declaredEncoding } from '../text/declared-encoding.ts';
import { encodingNamed, markOf, wideWithoutMark } from '../text/decode-text.ts';

const ENTRIES_MAX = 20_000;
/** A part may be referred to many times, and each read counts. */
const READS_MAX = 50_000;
const INFLATED_BYTES_MAX = 256 * 2 ** 20;
/** Text compresses to a tenth, tables to a fiftieth; a higher ratio is made on purpose. */
const RATIO_MAX = 300;
const RATIO_FREE_BYTES = 8 * 2 ** 20;
/** This flag marks names as UTF-8 (PKWARE APPNOTE, 4.4.4); macOS writes UTF-8 without it. */
const UTF8_FLAG = 1 << 11;

/** The parts of a package (docx, pptx, xlsx, epub), read one at a time. */
export interface ZipParts {
  /** The part with this name, in the package's spelling: Unicode composition and case do not matter. */
  find(name: string): string | undefined;
  /** The part's text; throws an invalid_file when it does not exist. */
  read(name: string): AsyncIterable<string>;
  /** The part's bytes; throws an invalid_file when it does not exist. */
  readBytes(name: string): Promise<Buffer>;
}

/** Opens a package while `use` runs. A package that would exceed the limits is rejected before it is inflated. */
export async function withZipParts<T>(path: string, gaps: Gaps, use: (parts: ZipParts) => Promise<T>): Promise<T> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false });
  try {
    if (zip.entryCount > ENTRIES_MAX) throw invalid(`The file is a package of more than ${ENTRIES_MAX} parts.`);
    const entries = new Map<string, Entry>();
    const spellings = new Map<string, string>();
    for await (const entry of zip.eachEntry()) {
      const name = nameOf(entry);
      entries.set(name, entry);
      const folded = foldedName(name);
      if (!spellings.has(folded)) spellings.set(folded, name);
    }
    let budgetBytes = INFLATED_BYTES_MAX;
    let readsLeft = READS_MAX;
    const find = (name: string) => (entries.has(name) ? name : spellings.get(foldedName(name)));

    async function open(name: string): Promise<AsyncIterable<Uint8Array>> {
      const entry = entries.get(find(name) ?? '');
      if (entry === undefined) throw invalid(`The file is damaged: its part ${quoted(name)} is missing.`);
      if (entry.isEncrypted()) throw unsupported('The file is protected by a password. Upload it without one.');
      readsLeft -= 1;
      if (readsLeft < 0) throw invalid(`The file refers to its parts more than ${READS_MAX} times.`);
      budgetBytes -= entry.uncompressedSize;
      const isBomb = entry.uncompressedSize > RATIO_FREE_BYTES + entry.compressedSize * RATIO_MAX;
      if (budgetBytes < 0 || isBomb)
        throw invalid('The compression ratio of the file is suspicious (possible zip bomb).');
      // Sizes are checked while inflating, so no part is larger than declared.
      return zip.openReadStreamPromise(entry);
    }
    return await use({
      find,
      async *read(name) {
        yield* decoded(await open(name), () => gaps.note(`The part ${quoted(name)} has bytes that are not text.`));
      },
      async readBytes(name) {
        const pieces: Uint8Array[] = [];
        for await (const bytes of await open(name)) pieces.push(bytes);
        return Buffer.concat(pieces);
      },
    });
  } finally {
    zip.close();
  }
}

/** A name decoded as UTF-8 if it is valid, even without the flag; otherwise in the DOS code page. */
function nameOf(entry: Entry): string {
  const raw: unknown = entry.fileName;
  const bytes = raw instanceof Uint8Array ? raw : Buffer.from(String(raw));
  const isUtf8 = (entry.generalPurposeBitFlag & UTF8_FLAG) !== 0;
  try {
    return new TextDecoder('utf-8', { fatal: !isUtf8 }).decode(bytes).replaceAll('\\', '/');
  } catch {
    return Buffer.from(bytes).toString('latin1').replaceAll('\\', '/');
  }
}

/** Names are equal when they look the same (EPUB OCF 3.3), in any case (ECMA-376 part 2, 6.2.2.3). */
function foldedName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** XML declares its encoding by a byte order mark or in its first line; the default is UTF-8. */
async function* decoded(stream: AsyncIterable<Uint8Array>, onDamage: () => void): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  for await (const bytes of stream) {
    decoder ??= new TextDecoder(encodingOf(bytes));
    yield checked(decoder.decode(bytes, { stream: true }), onDamage);
  }
  if (decoder !== undefined) yield checked(decoder.decode(), onDamage);
}

function checked(text: string, onDamage: () => void): string {
  if (text.includes('\ufffd')) onDamage();
  return text;
}

function encodingOf(bytes: Uint8Array): string {
  const certain = markOf(bytes) ?? wideWithoutMark(bytes);
  if (certain !== undefined) return certain;
  const declared = declaredEncoding(bytes);
  const named = declared === undefined ? undefined : encodingNamed(declared);
  return named === undefined || named.startsWith('utf-16') ? 'utf-8' : named;
}
