import { type Entry, openPromise } from 'yauzl';
import { invalid, unsupported } from './parse-fault.ts';

const ENTRIES_MAX = 20_000;
const INFLATED_BYTES_MAX = 256 * 2 ** 20;
/** Text is packed to a tenth, tables to a fiftieth; what is packed tighter was made to be. */
const RATIO_MAX = 300;
const RATIO_FREE_BYTES = 8 * 2 ** 20;

/** The parts of a package (docx, pptx, xlsx, epub), read one at a time. */
export interface ZipParts {
  readonly names: ReadonlySet<string>;
  /** The part's text; throws an invalid_file for one that is not there. */
  read(name: string): AsyncIterable<string>;
}

/** Opens a package for the time of `use`. What would inflate beyond its limits is refused before it is inflated. */
export async function withZipParts<T>(path: string, use: (parts: ZipParts) => Promise<T>): Promise<T> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
  try {
    if (zip.entryCount > ENTRIES_MAX) throw invalid(`The file is a package of more than ${ENTRIES_MAX} parts.`);
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
    let budgetBytes = INFLATED_BYTES_MAX;

    async function* read(name: string): AsyncGenerator<string> {
      const entry = entries.get(name);
      if (entry === undefined) throw invalid(`The file is damaged: its part '${name}' is missing.`);
      if (entry.isEncrypted()) throw unsupported('The file is protected by a password. Upload it without one.');
      budgetBytes -= entry.uncompressedSize;
      const isBomb = entry.uncompressedSize > RATIO_FREE_BYTES + entry.compressedSize * RATIO_MAX;
      if (budgetBytes < 0 || isBomb) throw invalid('The file unpacks to more than it could honestly hold.');
      // Sizes are checked while inflating, so what was declared above is all there can be.
      const stream: AsyncIterable<Uint8Array> = await zip.openReadStreamPromise(entry);
      yield* decoded(stream);
    }
    return await use({ names: new Set(entries.keys()), read });
  } finally {
    zip.close();
  }
}

async function* decoded(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  for await (const bytes of stream) {
    decoder ??= new TextDecoder(isUtf16(bytes) ? 'utf-16le' : 'utf-8');
    yield decoder.decode(bytes, { stream: true });
  }
  if (decoder !== undefined) yield decoder.decode();
}

function isUtf16(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xfe;
}
