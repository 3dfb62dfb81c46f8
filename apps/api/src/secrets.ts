import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts values that must not be readable in the database. */
export interface SecretBox {
  /**
   * AES-256-GCM; `context` is authenticated with the text, so a ciphertext moved to another row cannot be decrypted.
   */
  seal(plainText: string, context: string): string;
  /** Throws when the text was changed, belongs to another row, or was encrypted with another secret. */
  open(sealed: string, context: string): string;
  /** A keyed hash: tells whether two secrets are equal without storing either. */
  fingerprint(plainText: string): string;
}

const VERSION = 'v1';

/** A key derived for one purpose; neither the secret nor another purpose's key can be derived from it. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'espejo', purpose, 32));
}

export function createSecretBox(secret: string): SecretBox {
  const cipherKey = deriveKey(secret, 'connection-keys');
  const hashKey = deriveKey(secret, 'fingerprints');
  return {
    seal(plainText, context) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', cipherKey, iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plainText, 'utf8'), cipher.final()]);
      return [VERSION, iv, cipher.getAuthTag(), body]
        .map((part) => (typeof part === 'string' ? part : part.toString('base64url')))
        .join('.');
    },
    open(sealed, context) {
      const [version, iv, tag, body] = sealed.split('.');
      if (version !== VERSION || iv === undefined || tag === undefined || body === undefined) {
        throw new Error('A sealed secret has an unknown form.');
      }
      const decipher = createDecipheriv('aes-256-gcm', cipherKey, Buffer.from(iv, 'base64url'), { authTagLength: 16 })
        .setAAD(Buffer.from(context))
        .setAuthTag(Buffer.from(tag, 'base64url'));
      return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8');
    },
    fingerprint: (plainText) => createHmac('sha256', hashKey).update(plainText).digest('base64url').slice(0, 22),
  };
}
