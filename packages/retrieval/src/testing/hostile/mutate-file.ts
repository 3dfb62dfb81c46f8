import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { SampleFile } from './sample-files.ts';

type Random = () => number;
type Mutation = (bytes: Buffer, random: Random, others: readonly SampleFile[]) => Buffer;

const int = (random: Random, below: number): number => Math.floor(random() * below);
const pick = <T>(random: Random, from: readonly T[]): T => from[int(random, from.length)] as T;

/** Numbers at which sizes, counts and offsets tend to break. */
const NUMBERS = [0, 1, 2, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
const WORDS = [...NUMBERS.map(String), '-1', '1e308', '99999999999999999999', '0x7fffffff', ''];

/** Mutations that ignore the format. */
const BYTE_MUTATIONS: readonly Mutation[] = [
  (bytes, random) => {
    for (let flips = 1 + int(random, 12); flips > 0 && bytes.length > 0; flips -= 1) {
      const at = int(random, bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << int(random, 8));
    }
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, int(random, bytes.length + 1)),
  (bytes, random) => bytes.subarray(int(random, bytes.length + 1)),
  (bytes, random) => {
    const [from, to] = [int(random, bytes.length + 1), int(random, bytes.length + 1)];
    return Buffer.concat([bytes.subarray(0, Math.max(from, to)), bytes.subarray(Math.min(from, to))]);
  },
  (bytes, random) => {
    const [from, to] = [int(random, bytes.length + 1), int(random, bytes.length + 1)];
    return Buffer.concat([bytes.subarray(0, Math.min(from, to)), bytes.subarray(Math.max(from, to))]);
  },
  (bytes, random, others) => {
    const { bytes: other } = pick(random, others);
    return Buffer.concat([bytes.subarray(0, int(random, bytes.length + 1)), other.subarray(int(random, other.length))]);
  },
  (bytes, random) => {
    if (bytes.length < 4) return bytes;
    const at = int(random, bytes.length - 3);
    const value = pick(random, NUMBERS);
    if (random() < 0.5) bytes.writeUInt32LE(value, at);
    else bytes.writeUInt16LE(value % 65_536, at);
    return bytes;
  },
  (bytes, random) => {
    const from = int(random, bytes.length + 1);
    const piece = bytes.subarray(from, from + 1 + int(random, 64));
    const times = 1 + int(random, 2_000);
    return Buffer.concat([
      bytes.subarray(0, from),
      ...Array.from({ length: times }, () => piece),
      bytes.subarray(from),
    ]);
  },
];

/** Mutations of text with numbers: a written number becomes another one. */
const NUMBER_IN_TEXT: Mutation = (bytes, random) => {
  const text = bytes.toString('latin1');
  const numbers = [...text.matchAll(/\d+/g)];
  if (numbers.length === 0) return bytes;
  const { index, 0: digits } = pick(random, numbers);
  return Buffer.from(text.slice(0, index) + pick(random, WORDS) + text.slice(index + digits.length), 'latin1');
};

const XML_PIECES = [
  '<a>'.repeat(2_000),
  '</a>'.repeat(2_000),
  `<a ${'b="c" '.repeat(500)}>`,
  `<a b="${'&amp;'.repeat(500)}">`,
  '<!DOCTYPE a [<!ENTITY x "yyyyyyyyyy"><!ENTITY z "&x;&x;&x;&x;&x;&x;&x;&x;">]><a>&z;</a>',
  '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
  '<![CDATA[',
  '<!--',
  '&#x110000;&#0;&#xD800;&unknown;&',
  ' '.repeat(5_000),
  '\t \t '.repeat(1_000),
  '<w:t>',
  '<c r="XFD1048576" t="s"><v>999999999</v></c>',
  '<v>1e400</v>',
  '\0',
  '\ufffe',
];

/** Mutations of markup: depth, attributes, entities, and anything else between tags. */
const MARKUP: Mutation = (bytes, random) => {
  const text = bytes.toString('utf8');
  const ends = [...text.matchAll(/>/g)].map(({ index }) => index + 1);
  const at = ends.length === 0 ? int(random, text.length + 1) : pick(random, ends);
  return Buffer.from(text.slice(0, at) + pick(random, XML_PIECES) + text.slice(at));
};

const PDF_PIECES = [
  '/Filter [/FlateDecode /FlateDecode]',
  '/Filter /LZWDecode',
  '/Filter [/ASCII85Decode /RunLengthDecode]',
  '/Filter /CCITTFaxDecode /DecodeParms << /Columns 65535 /Rows 65535 >>',
  '/Filter /JBIG2Decode',
  '/Filter /DCTDecode',
  '/Filter /JPXDecode',
  '/DecodeParms << /Predictor 15 /Columns 2147483647 /Colors 32 >>',
  '/Length 2147483647',
  '/Length 5 0 R',
  '/Kids [2 0 R 2 0 R 2 0 R]',
  '/Count 2147483647',
  '/Parent 4 0 R',
  '/Encoding 6 0 R',
  '/ToUnicode 5 0 R',
  '/Prev 0',
  '/Prev 9',
  '/XRefStm 9',
  '/W [8 8 8] /Index [0 2147483647]',
  '/Encrypt << /Filter /Standard /V 5 /R 6 >>',
  `${'['.repeat(3_000)}`,
  `${'<< /A '.repeat(3_000)}`,
  `${'('.repeat(3_000)}`,
  '/X0 Do /X0 Do',
  'BT (x) Tj ET '.repeat(2_000),
  'q '.repeat(5_000),
  'BI /W 65535 /H 65535 /BPC 8 ID x EI',
  'xref\n0 99999999\n',
  '<ffff> <0000> beginbfrange 1 beginbfrange <0000> <ffff> <0000> endbfrange',
];

const PDF: Mutation = (bytes, random) => {
  const text = bytes.toString('latin1');
  const places = [...text.matchAll(/<<|stream\n|Tj|obj/g)].map(({ index, 0: found }) => index + found.length);
  const at = places.length === 0 ? int(random, text.length + 1) : pick(random, places);
  return Buffer.from(`${text.slice(0, at)} ${pick(random, PDF_PIECES)} ${text.slice(at)}`, 'latin1');
};

/** A ZIP with one of its parts changed: its directory may be inconsistent. */
const ZIP: Mutation = (bytes, random, others) => {
  const parts = partsOf(bytes);
  const part = parts.length === 0 ? undefined : pick(random, parts);
  if (part === undefined) return bytes;
  switch (int(random, 7)) {
    case 0:
      part.name = pick(random, [
        pick(random, parts).name,
        '',
        '../../etc/passwd',
        'a'.repeat(60_000),
        'word/\0',
        'META-INF/container.xml',
      ]);
      break;
    case 1:
      part.content = pick(random, others).bytes;
      break;
    case 2:
      part.content = Buffer.alloc(int(random, 2 ** 22), pick(random, [' ', '<a>', 'x', '\t']));
      break;
    case 3:
      part.sizeSaid = pick(random, NUMBERS);
      break;
    case 4:
      parts.push(...Array.from({ length: int(random, 300) }, (_, n) => ({ ...part, name: `${part.name}${n}` })));
      break;
    case 5:
      parts.splice(parts.indexOf(part), 1);
      break;
    default:
      part.content = pick(random, [NUMBER_IN_TEXT, MARKUP, MARKUP, MARKUP, ...BYTE_MUTATIONS])(
        part.content,
        random,
        others,
      );
  }
  return joined(parts);
};

interface Part {
  name: string;
  content: Buffer;
  sizeSaid?: number;
}

function partsOf(bytes: Buffer): Part[] {
  const parts: Part[] = [];
  for (
    let at = bytes.indexOf('PK\x01\x02', 0, 'latin1');
    at !== -1;
    at = bytes.indexOf('PK\x01\x02', at + 46, 'latin1')
  ) {
    const [method, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [nameLength, localAt] = [bytes.readUInt16LE(at + 28), bytes.readUInt32LE(at + 42)];
    const name = bytes.toString('latin1', at + 46, at + 46 + nameLength);
    const dataAt = localAt + 30 + bytes.readUInt16LE(localAt + 26) + bytes.readUInt16LE(localAt + 28);
    const data = bytes.subarray(dataAt, dataAt + packed);
    parts.push({ name, content: method === 8 ? inflateRawSync(data) : Buffer.from(data) });
  }
  return parts;
}

function joined(parts: readonly Part[]): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, sizeSaid } of parts) {
    const data = deflateRawSync(content);
    const nameBytes = Buffer.from(name, 'latin1');
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(sizeSaid ?? content.length, 22);
    local.writeUInt16LE(nameBytes.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt32LE(sizeSaid ?? content.length, 24);
    central.writeUInt16LE(nameBytes.length, 28);
    central.writeUInt32LE(offset, 42);
    pieces.push(local, nameBytes, data);
    directory.push(central, nameBytes);
    offset += local.length + nameBytes.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...pieces, ...directory, end]);
}

function mutationsFor(filename: string): readonly Mutation[] {
  const ending = filename.slice(filename.lastIndexOf('.'));
  if (['.docx', '.pptx', '.xlsx', '.epub'].includes(ending)) return [ZIP, ZIP, ZIP];
  if (ending === '.pdf') return [PDF, PDF, NUMBER_IN_TEXT];
  if (ending === '.doc') return [];
  return [MARKUP, NUMBER_IN_TEXT];
}

/** A sample with one to four mutations, most of which respect its format; sometimes under the name of another type. */
export function mutateFile(samples: readonly SampleFile[], random: Random): SampleFile {
  const sample = pick(random, samples);
  const mutations = mutationsFor(sample.filename);
  let bytes = Buffer.from(sample.bytes);
  // Format-aware mutations come first: after another one the format may be destroyed.
  for (let times = int(random, 3); times > 0 && mutations.length > 0; times -= 1) {
    bytes = Buffer.from(pick(random, mutations)(bytes, random, samples));
  }
  if (random() < 0.6) bytes = Buffer.from(pick(random, BYTE_MUTATIONS)(bytes, random, samples));
  return { filename: random() < 0.05 ? pick(random, samples).filename : sample.filename, bytes };
}
