import { hash } from 'node:crypto';

/** By this a key of ours is told from any other bearer. */
export const KEY_PREFIX = 'esp_';
const SECRET_HEX = 48;
const SHOWN_CHARS = 12;

/** A new key: 192 random bits. */
export function newKeyText(randomHex: (length: number) => string): string {
  return `${KEY_PREFIX}${randomHex(SECRET_HEX)}`;
}

/** What is kept of a key: enough to find it by, too little to make it from. */
export function hashOfKey(text: string): string {
  return hash('sha256', text, 'hex');
}

/** What a person tells keys apart by. */
export function shownPartOf(text: string): string {
  return text.slice(0, SHOWN_CHARS);
}
