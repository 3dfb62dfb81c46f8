const ENTRY_BYTES = 128;
const NAME_BYTES = 64;
const SECTOR_SHIFT_AT = 30;
const START_SECTOR_AT = 116;

/**
 * Finds a stream of an old Office container by its name: whether it exists, and where it begins. The directory is
 * searched, not followed, so that this also works when it is damaged.
 */
export function findOleStream(bytes: Buffer, name: string): { readonly offset: number } | undefined {
  const wanted = Buffer.from(`${name}\0`, 'utf16le');
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + 1)) {
    const isEntry =
      at % ENTRY_BYTES === 0 &&
      at + ENTRY_BYTES <= bytes.length &&
      bytes.readUInt16LE(at + NAME_BYTES) === wanted.length;
    if (!isEntry) continue;
    const sectorShift = bytes.readUInt16LE(SECTOR_SHIFT_AT);
    return { offset: (bytes.readUInt32LE(at + START_SECTOR_AT) + 1) * 2 ** sectorShift };
  }
  return undefined;
}
