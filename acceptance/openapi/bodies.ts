import fc from 'fast-check';
import { UNUSUAL_KEY, UNUSUAL_LITERAL, UNUSUAL_TEXT } from './hostile-values.ts';
import type { Target } from './target.ts';

export interface FuzzedBody {
  readonly type: string | undefined;
  readonly bytes: Buffer;
}

/** A placeholder for a literal that JSON.stringify would not write. */
const MARK = '"@@here@@"';
const BOUNDARY = 'fuzz-boundary';
/** Larger than either protocol accepts as JSON; rare, because it is slow. */
const OVERSIZE = Buffer.alloc(1_200_000, ' ');

/** Bodies of a target: valid, malformed in one place, truncated, doubled, of another type, or missing. */
export function bodyOf(target: Target): fc.Arbitrary<FuzzedBody | undefined> {
  const none = fc.constant(undefined);
  const wrongType = fc.record({
    type: fc.constantFrom(
      ...['text/plain', 'application/json; charset=x', 'application/x-www-form-urlencoded', 'a', ''],
      ...['multipart/form-data', `multipart/form-data; boundary=${'b'.repeat(300)}`, undefined, 'application/json;;;'],
    ),
    bytes: fc.constantFrom(Buffer.from('{}'), Buffer.from('a=b'), Buffer.alloc(0)),
  });
  const good = goodOf(target);
  if (good === null)
    return fc.oneof(
      { arbitrary: none, weight: 9 },
      { arbitrary: fc.oneof(jsonText(fc.jsonValue()), wrongType), weight: 1 },
    );
  return fc.oneof({ arbitrary: good, weight: 18 }, { arbitrary: wrongType, weight: 1 }, { arbitrary: none, weight: 1 });
}

function goodOf(target: Target): fc.Arbitrary<FuzzedBody> | null {
  if (target.form !== null) return formOf(target.form);
  if (target.isUpload)
    return fc.record({
      type: fc.constantFrom('text/plain', 'application/pdf', 'application/zip', 'image/png', undefined),
      bytes: fileBytes,
    });
  return target.json === null ? null : jsonText(target.json);
}

const fileBytes: fc.Arbitrary<Buffer> = fc.oneof(
  fc.string({ maxLength: 200 }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(Buffer.from('%PDF-1.7\n%%EOF'), Buffer.from('PK\u0003\u0004 no archive'), Buffer.alloc(70_000, 'a')),
);

function jsonText(values: fc.Arbitrary<unknown>): fc.Arbitrary<FuzzedBody> {
  const text = fc
    .record({
      value: values,
      key: UNUSUAL_KEY,
      literal: UNUSUAL_LITERAL,
      how: fc.integer({ min: 0, max: 39 }),
      at: fc.nat(),
    })
    .map(({ value, key, literal, how, at }) => bendJson(value, { key, literal, how, at }));
  return text.map((bytes) => ({ type: 'application/json', bytes }));
}

/** Half of them are valid; the others are wrong in one way. */
function bendJson(
  value: unknown,
  by: { readonly key: string; readonly literal: string; readonly how: number; readonly at: number },
): Buffer {
  const { key, literal, how, at } = by;
  const text = JSON.stringify(value) ?? 'null';
  if (how < 18) return Buffer.from(text);
  if (how < 26) return Buffer.from(JSON.stringify(replaceOne(value, at)).replace(MARK, () => literal));
  if (how < 30) {
    // One more field, with a new name or a duplicate one.
    const taken = how === 29 ? Object.keys(Object(value))[0] : undefined;
    const more = `${JSON.stringify(taken ?? key)}:${literal}`;
    if (taken !== undefined) return Buffer.from(text.replace(/\}$/, () => `,${more}}`));
    return Buffer.from(text.replace(/^\{(.?)/s, (_, next) => `{${more}${next === '}' ? '' : ','}${next}`));
  }
  if (how < 32) return Buffer.from(JSON.stringify(dropOne(value, at)));
  if (how < 34) return Buffer.from(JSON.stringify([value]));
  if (how === 34) return Buffer.from(text.slice(0, at % (text.length + 1)));
  if (how === 35) return Buffer.from(literal);
  if (how === 36) return Buffer.concat([Buffer.from([0xff, 0xfe, 0xc0]), Buffer.from(text)]);
  if (how === 37) return Buffer.from(`\ufeff${text}`);
  if (how === 38) return Buffer.from(`${text}${text}`);
  return at % 10 === 0 ? Buffer.concat([OVERSIZE, Buffer.from(text)]) : Buffer.alloc(0);
}

/** The value with one of its parts, at any depth, replaced by the mark. */
function replaceOne(value: unknown, at: number): unknown {
  if (typeof value !== 'object' || value === null) return JSON.parse(MARK);
  const keys = Object.keys(value);
  const chosen = keys[at % Math.max(1, keys.length)];
  if (chosen === undefined) return JSON.parse(MARK);
  const inner = (part: unknown) => (at % 3 === 0 ? replaceOne(part, Math.floor(at / 3)) : JSON.parse(MARK));
  if (Array.isArray(value)) return value.map((part, index) => (String(index) === chosen ? inner(part) : part));
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, name === chosen ? inner(part) : part]));
}

function dropOne(value: unknown, at: number): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const entries = Object.entries(value);
  return Object.fromEntries(entries.filter((_, index) => index !== at % Math.max(1, entries.length)));
}

/** Forms: complete, with missing, duplicate, unknown or too many fields, truncated, or with a wrong boundary. */
function formOf({ file, fields }: NonNullable<Target['form']>): fc.Arbitrary<FuzzedBody> {
  const part = (name: string, content: Buffer | string, filename?: string) =>
    Buffer.concat([
      Buffer.from(
        `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n\r\n`,
      ),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]);
  return fc
    .record({ content: fileBytes, text: UNUSUAL_TEXT, how: fc.integer({ min: 0, max: 13 }), at: fc.nat() })
    .map(({ content, text, how, at }): FuzzedBody => {
      const filename = how === 1 ? text.replaceAll(/[\r\n"]/g, '') : 'note.txt';
      const named = Object.entries(fields).map(([name, value]) => part(name, how === 2 ? text : value));
      const parts = how === 3 ? [] : named.filter((_, index) => how > 8 || index === 0);
      const files =
        how === 4
          ? []
          : how === 5
            ? [part(file, content, 'a'), part(file, content, 'b')]
            : [part(file, content, filename)];
      const extra = how === 6 ? [part(text.slice(0, 40), text)] : how === 7 ? Array(40).fill(part('purpose', 'x')) : [];
      const end = Buffer.from(`--${BOUNDARY}--\r\n`);
      const whole = Buffer.concat(
        at % 2 === 0 ? [...parts, ...files, ...extra, end] : [...files, ...parts, ...extra, end],
      );
      const boundary = how === 0 ? 'another' : BOUNDARY;
      const bytes = how === 8 ? whole.subarray(0, at % (whole.length + 1)) : whole;
      return { type: `multipart/form-data; boundary=${boundary}`, bytes };
    });
}
