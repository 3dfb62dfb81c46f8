import { hash } from 'node:crypto';

/** Prefix that tells Espejo's API keys from other bearer tokens. */
export const KEY_PREFIX = 'esp_';
const SECRET_HEX = 48;
const SHOWN_CHARS = 12;

/** A new key: 192 random bits. */
export function newKeyText(randomHex: (length: number) => string): string {
  return `${KEY_PREFIX}${randomHex(SECRET_HEX)}`;
}

/** The stored hash of a key: enough to find it, not enough to rebuild it. */
export function hashOfKey(text: string): string {
  return hash('sha256', text, 'hex');
}

/** The part of a key that is shown in lists. */
export function shownPartOf(text: string): string {
  return text.slice(0, SHOWN_CHARS);
}
