const HEAD_BYTES = 4096;
/** The prolog of XML is normative (XML 1.0, section 4.3.3); it is written in ASCII whatever it declares. */
const XML_ENCODING = /^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{1,40})["']/;
const META_CHARSET = /<meta[^>]{1,300}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})/i;
const CSS_CHARSET = /^@charset "([\w.:-]{1,40})";/;
/** PEP 263, also used by other languages. */
const SOURCE_CODING = /^(?:[^\n]{0,200}\n)?[ \t]*(?:#|\/\/|--|;|"|\/\*).{0,100}?coding[:=][ \t]*([\w.-]{1,40})/;

/**
 * The encoding declared at the beginning of a text: in XML's prolog, HTML's meta element, CSS's charset, a source's
 * comment.
 */
export function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HEAD_BYTES)).toString('latin1');
  for (const form of [XML_ENCODING, META_CHARSET, CSS_CHARSET, SOURCE_CODING]) {
    const named = form.exec(head)?.[1];
    if (named !== undefined) return named;
  }
  return undefined;
}
