import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/*
 * A self-signed certificate for one run, encoded as DER here, because a library takes longer to load than everything
 * else, and the provider starts several times a command.
 */

export interface Certificate {
  readonly certPem: string;
  readonly keyPem: string;
  readonly der: Buffer;
}

const DAY_MS = 86_400_000;
const OID_COMMON_NAME = '550403';
const OID_ORGANIZATION = '55040a';
const OID_ECDSA_SHA256 = '2a8648ce3d040302';
const OID_ALT_NAME = '551d11';
const OID_KEY_USAGE = '551d0f';
const OID_EXTENDED_KEY_USAGE = '551d25';
const OID_SERVER_AUTH = '2b06010505070301';
const OID_CLIENT_AUTH = '2b06010505070302';

/** A P-256 certificate for `localhost`, for servers and clients, valid for a day around now. */
export function createCertificate(nowMs: number): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid(OID_ECDSA_SHA256));
  const name = sequence(attributeSet(OID_ORGANIZATION, 'Espejo'), attributeSet(OID_COMMON_NAME, 'localhost'));
  const extensions = sequence(
    extension(OID_ALT_NAME, sequence(tlv(0x82, Buffer.from('localhost')))),
    // digitalSignature and keyAgreement: bits 0 and 4.
    extension(OID_KEY_USAGE, tlv(0x03, Buffer.from([3, 0b1000_1000]))),
    extension(OID_EXTENDED_KEY_USAGE, sequence(oid(OID_SERVER_AUTH), oid(OID_CLIENT_AUTH))),
  );
  const toBeSigned = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    // Positive, with the second bit set, so that DER needs no leading zero byte.
    tlv(0x02, Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    algorithm,
    name,
    sequence(utcTime(nowMs - DAY_MS), utcTime(nowMs + DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, extensions),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const der = sequence(toBeSigned, algorithm, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return { der, certPem: toPem(der), keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
}

/** A certificate as PEM. */
export function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function tlv(tag: number, body: Buffer): Buffer {
  const { length } = body;
  const header =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), body]);
}

const sequence = (...parts: Buffer[]) => tlv(0x30, Buffer.concat(parts));
const oid = (hex: string) => tlv(0x06, Buffer.from(hex, 'hex'));
const attributeSet = (type: string, text: string) => tlv(0x31, sequence(oid(type), tlv(0x0c, Buffer.from(text))));
const extension = (type: string, value: Buffer) => sequence(oid(type), tlv(0x04, value));

function utcTime(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/[-:T]/g, '');
  return tlv(0x17, Buffer.from(`${text.slice(2, 14)}Z`));
}
