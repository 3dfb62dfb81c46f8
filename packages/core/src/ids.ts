/** Ids in OpenAI's forms. Randomness and clock are passed in: `randomHex(n)` returns n hex characters. */
export function vectorStoreId(createdAtS: number, randomHex: (length: number) => string): string {
  return `vs_${createdAtS.toString(16).padStart(8, '0')}${randomHex(24)}`;
}

/** `prefix_` + 8 hex of the creation second + 16 random hex: sorts by time, cannot be predicted. */
export function prefixedId(
  prefix: 'run' | 'conn' | 'del' | 'copy' | 'par' | 'key' | 'mem' | 'inv' | 'ten' | 'user' | 'session' | 'account',
  nowMs: number,
  randomHex: (length: number) => string,
): string {
  return `${prefix}_${Math.floor(nowMs / 1000)
    .toString(16)
    .padStart(8, '0')}${randomHex(16)}`;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FILE_ID_LENGTH = 22;

/** `file-` and 22 letters and digits, all of them random. */
export function fileId(randomHex: (length: number) => string): string {
  // 34 hex characters hold a little more than 22 characters of an alphabet of 62.
  let rest = BigInt(`0x${randomHex(34)}`);
  let text = '';
  while (text.length < FILE_ID_LENGTH) {
    text += BASE62.charAt(Number(rest % 62n));
    rest /= 62n;
  }
  return `file-${text}`;
}

/** `prefix_` + 8 hex of the creation second + 24 random hex: a batch, an upload or a part of one. */
export function openAiId(
  prefix: 'vsfb' | 'upload' | 'part',
  createdAtS: number,
  randomHex: (length: number) => string,
): string {
  return `${prefix}_${createdAtS.toString(16).padStart(8, '0')}${randomHex(24)}`;
}
