import { createSecretBox, type SecretBox } from '../secrets.ts';

const TEXT = 'espejo';
const CONTEXT = 'secret-check';

/** The check value by which a database recognises its secret. */
export function sealSecretCheck(box: SecretBox): string {
  return box.seal(TEXT, CONTEXT);
}

export function isCheckOpened(box: SecretBox, sealed: string): boolean {
  try {
    return box.open(sealed, CONTEXT) === TEXT;
  } catch {
    return false;
  }
}

export function isSecretRight(secret: string, sealed: string): boolean {
  return isCheckOpened(createSecretBox(secret), sealed);
}
