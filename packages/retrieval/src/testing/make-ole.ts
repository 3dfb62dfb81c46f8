const SECTOR_BYTES = 512;
/** Shorter streams would be stored in another stream, so none is shorter. */
const STREAM_BYTES = 4096;
const SECTORS_PER_STREAM = STREAM_BYTES / SECTOR_BYTES;
const END = -2;
const FREE = -1;

/** A container of the old Office formats, with up to three streams of at most 4096 bytes. */
export function makeOle(streams: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const names = Object.keys(streams);
  const header = Buffer.alloc(SECTOR_BYTES, 0xff);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header);
  header.fill(0, 8, 76);
  header.writeInt16LE(9, 30);
  header.writeInt16LE(6, 32);
  header.writeInt32LE(1, 44);
  header.writeInt32LE(1, 48);
  header.writeInt32LE(STREAM_BYTES, 56);
  header.writeInt32LE(END, 60);
  header.writeInt32LE(END, 68);
  header.writeInt32LE(0, 76);

  const table = Buffer.alloc(SECTOR_BYTES, 0xff);
  table.writeInt32LE(-3, 0);
  table.writeInt32LE(END, 4);
  const directory = Buffer.alloc(SECTOR_BYTES);
  writeEntry(directory, 0, {
    name: 'Root Entry',
    type: 5,
    child: names.length > 0 ? 1 : FREE,
    right: FREE,
    sector: END,
  });
  const bodies: Buffer[] = [];
  for (const [index, name] of names.entries()) {
    const first = 2 + index * SECTORS_PER_STREAM;
    for (let at = 0; at < SECTORS_PER_STREAM; at += 1) {
      const isLast = at === SECTORS_PER_STREAM - 1;
      table.writeInt32LE(isLast ? END : first + at + 1, (first + at) * 4);
    }
    const right = index < names.length - 1 ? index + 2 : FREE;
    writeEntry(directory, index + 1, { name, type: 2, child: FREE, right, sector: first });
    const body = Buffer.alloc(STREAM_BYTES);
    body.set(streams[name] ?? []);
    bodies.push(body);
  }
  return Buffer.concat([header, table, directory, ...bodies]);
}

interface DirectoryEntry {
  readonly name: string;
  readonly type: number;
  readonly child: number;
  readonly right: number;
  readonly sector: number;
}

function writeEntry(directory: Buffer, index: number, entry: DirectoryEntry): void {
  const at = index * 128;
  directory.write(entry.name, at, 'utf16le');
  directory.writeUInt16LE((entry.name.length + 1) * 2, at + 64);
  directory.writeUInt8(entry.type, at + 66);
  directory.writeInt32LE(FREE, at + 68);
  directory.writeInt32LE(entry.right, at + 72);
  directory.writeInt32LE(entry.child, at + 76);
  directory.writeInt32LE(entry.sector, at + 116);
  directory.writeInt32LE(STREAM_BYTES, at + 120);
}

/** A document of Word 97 with this text, of at most 1500 characters. */
export function makeDoc(text: string, options: { readonly isEncrypted?: boolean } = {}): Uint8Array {
  const textAt = 1024;
  const word = Buffer.alloc(STREAM_BYTES);
  word.writeUInt16LE(0xa5ec, 0);
  word.writeUInt16LE(options.isEncrypted === true ? 0x0300 : 0x0200, 0x0a);
  word.writeUInt32LE(text.length, 0x4c);
  word.write(text, textAt, 'utf16le');
  // One piece: from the first character to the last, in UTF-16.
  const pieces = Buffer.alloc(21);
  pieces.writeUInt8(2, 0);
  pieces.writeUInt32LE(16, 1);
  pieces.writeUInt32LE(text.length, 9);
  pieces.writeUInt32LE(textAt, 15);
  return makeOle({ WordDocument: word, '1Table': pieces });
}
